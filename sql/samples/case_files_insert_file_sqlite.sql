-- Adds one file, unless it is there already.
-- Parameters: 1 id, 2 name, 3 mime, 4 bytes, 5 sha256, 6 stored_at (ISO timestamp).
-- Rows: none.
-- Locks: RESERVED on the file.
-- Minimum version: SQLite 3.24.
insert into dispatch_file (id, name, mime, bytes, sha256, stored_at)
values (?, ?, ?, ?, ?, ?)
on conflict (id) do nothing
