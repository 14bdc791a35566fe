-- Reads the schema once, which starts the read transaction's snapshot.
-- Parameters: none.
-- Rows: one, the number of schema entries.
-- Locks: SHARED on the file (no lock in WAL mode).
-- Minimum version: SQLite 3.37.
select count(*)
from sqlite_schema
