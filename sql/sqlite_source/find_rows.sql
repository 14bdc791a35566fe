-- Reads rows whose columns have one of some values.
-- Places: columns; table; condition; span, a condition on the chunk key; by; parts, one a column of by.
-- Parameters: the span's key values, then a JSON array of arrays, one value a column of by.
-- Rows: the columns, in no order; the caller fetches page by page.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.15 (row values).
select {columns}
from {table}
where (
  {condition}
)
  and {span}
  and ({by}) in (
    select {parts}
    from json_each(?) as asked
  )
