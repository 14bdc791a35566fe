-- Takes the brackets in.
-- Rows in: id, name, type, project_id, tooth, prescription, slot, torque, tip, hooks, material, catalogue_no, remark.
-- Locks: none, the table is the session's own.
-- Minimum version: PostgreSQL 14.
copy new_bracket (
  id, name, type, project_id, tooth, prescription, slot, torque, tip, hooks, material, catalogue_no, remark
)
from stdin
