-- Reads the largest value of an integer key.
-- Places: table; key, one column.
-- Parameters: none.
-- Rows: one, null for an empty table.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select max({key})
from {table}
