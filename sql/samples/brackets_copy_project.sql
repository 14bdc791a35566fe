-- Takes the projects in.
-- Rows in: id, name, clinic, opened_on.
-- Locks: none, the table is the session's own.
-- Minimum version: PostgreSQL 14.
copy new_project (id, name, clinic, opened_on)
from stdin
