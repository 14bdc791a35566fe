-- Adds one office, unless it is there already.
-- Parameters: 1 id, 2 name, 3 city, 4 opened_on (ISO date).
-- Rows: none.
-- Locks: RESERVED on the file.
-- Minimum version: SQLite 3.24.
insert into dispatch_office (id, name, city, opened_on)
values (?, ?, ?, ?)
on conflict (id) do nothing
