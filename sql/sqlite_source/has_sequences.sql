-- Tells whether any table was made with AUTOINCREMENT.
-- Parameters: none.
-- Rows: one, 0 or 1.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.33 (the name sqlite_schema).
select count(*)
from sqlite_schema
where name = 'sqlite_sequence'
