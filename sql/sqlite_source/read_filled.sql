-- Reads one column and the chunk key of every row in which the column is set.
-- Places: columns, the column and the key; table; column.
-- Parameters: none.
-- Rows: the column's value, then the key; in no order.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select {columns}
from {table}
where {column} is not null
