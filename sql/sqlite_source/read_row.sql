-- Reads one row by its chunk key.
-- Places: columns; table; key; at, one parameter mark (or cast mark) a key column.
-- Parameters: the key values.
-- Rows: one or none.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.15 (row values).
select {columns}
from {table}
where ({key}) = ({at})
