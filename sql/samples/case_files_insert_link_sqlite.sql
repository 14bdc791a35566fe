-- Adds one link between a case and a file, unless it is there already.
-- Parameters: 1 case_id, 2 file_id, 3 role, 4 position, 5 linked_at (ISO timestamp).
-- Rows: none.
-- Locks: RESERVED on the file.
-- Minimum version: SQLite 3.24.
insert into dispatch_case_file (case_id, file_id, role, position, linked_at)
values (?, ?, ?, ?, ?)
on conflict (case_id, file_id) do nothing
