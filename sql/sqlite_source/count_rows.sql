-- Counts the rows that pass the filter.
-- Places: table; condition, the playbook's own SQL.
-- Parameters: none.
-- Rows: one, the count.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select count(*)
from {table}
where (
  {condition}
)
