-- Adds the files that are not there already.
-- Parameters: none.
-- Rows: none.
-- Locks: row exclusive on dispatch_file.
-- Minimum version: PostgreSQL 14.
insert into dispatch_file (id, name, mime, bytes, sha256, stored_at)
select id, name, mime, bytes, sha256, stored_at
from new_file
on conflict (id) do nothing
