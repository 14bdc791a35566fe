-- Takes the files in.
-- Rows in: id, name, mime, bytes, sha256, stored_at.
-- Locks: none, the table is the session's own.
-- Minimum version: PostgreSQL 14.
copy new_file (id, name, mime, bytes, sha256, stored_at)
from stdin
