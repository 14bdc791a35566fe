-- Adds one project, unless it is there already.
-- Parameters: 1 id, 2 name, 3 clinic, 4 opened_on (ISO date).
-- Rows: none.
-- Locks: RESERVED on the file.
-- Minimum version: SQLite 3.24.
insert into dispatch_project (id, name, clinic, opened_on)
values (?, ?, ?, ?)
on conflict (id) do nothing
