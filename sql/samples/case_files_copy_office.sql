-- Takes the offices in.
-- Rows in: id, name, city, opened_on.
-- Locks: none, the table is the session's own.
-- Minimum version: PostgreSQL 14.
copy new_office (id, name, city, opened_on)
from stdin
