-- Adds the links between cases and files that are not there already.
-- Parameters: none.
-- Rows: none.
-- Locks: row exclusive on dispatch_case_file.
-- Minimum version: PostgreSQL 14.
insert into dispatch_case_file (case_id, file_id, role, position, linked_at)
select case_id, file_id, role, position, linked_at
from new_link
on conflict (case_id, file_id) do nothing
