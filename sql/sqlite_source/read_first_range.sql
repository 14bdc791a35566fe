-- Reads the first chunk's rows, which has no lower end.
-- Places: columns; table; key; upto, one parameter mark (or cast mark) a key column; condition.
-- Parameters: the key values up to which rows are read.
-- Rows: the columns in key order; the caller fetches page by page.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.15 (row values).
select {columns}
from {table}
where (
  {condition}
)
  and ({key}) <= ({upto})
order by {key}
