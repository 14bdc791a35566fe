-- Reads one chunk's rows.
-- Places: columns; table; key; after and upto, one parameter mark (or cast mark) a key column; condition.
-- Parameters: the key values after which, then those up to which rows are read.
-- Rows: the columns in key order; the caller fetches page by page.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.15 (row values).
select {columns}
from {table}
where (
  {condition}
)
  and ({key}) > ({after})
  and ({key}) <= ({upto})
order by {key}
