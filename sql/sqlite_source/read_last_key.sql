-- Reads the last chunk key in key order.
-- Places: table; key, the columns; backwards, the same columns each with desc.
-- Parameters: none.
-- Rows: one, none for an empty table.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select {key}
from {table}
order by {backwards}
limit 1
