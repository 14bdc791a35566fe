-- Takes the links between cases and files in.
-- Rows in: case_id, file_id, role, position, linked_at.
-- Locks: none, the table is the session's own.
-- Minimum version: PostgreSQL 14.
copy new_link (case_id, file_id, role, position, linked_at)
from stdin
