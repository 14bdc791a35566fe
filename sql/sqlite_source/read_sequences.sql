-- Lists the highest number each AUTOINCREMENT table has handed out.
-- Parameters: none.
-- Rows: table, highest number. The statement fails where no table was ever made with AUTOINCREMENT.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select name, seq
from sqlite_sequence
