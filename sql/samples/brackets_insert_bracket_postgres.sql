-- Adds the brackets that are not there already.
-- Parameters: none.
-- Rows: none.
-- Locks: row exclusive on dispatch_bracket.
-- Minimum version: PostgreSQL 14.
insert into dispatch_bracket (
  id, name, type, project_id, tooth, prescription, slot, torque, tip, hooks, material, catalogue_no, remark
)
select id, name, type, project_id, tooth, prescription, slot, torque, tip, hooks, material, catalogue_no, remark
from new_bracket
on conflict (id) do nothing
