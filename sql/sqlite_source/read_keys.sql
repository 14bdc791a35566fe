-- Reads every chunk key in order, once, to cut ranges; the caller fetches page by page.
-- Places: table; key, the columns; condition, the playbook's own SQL.
-- Parameters: none.
-- Rows: the key of each row that passes, in key order.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select {key}
from {table}
where (
  {condition}
)
order by {key}
