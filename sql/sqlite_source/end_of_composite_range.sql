-- Finds where the next chunk ends in a table with several key columns.
-- Places: table; key; backwards, the same columns each with desc; condition; after, a condition on the key.
-- Parameters: the key values after which (where after has some); how many rows; both twice.
-- Rows: one or none: the key, then how many rows there are up to it.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.15 (row values).
select {key}, (
  select count(*)
  from (
    select 1
    from {table}
    where (
      {condition}
    )
      and {after}
    limit ?
  )
)
from (
  select {key}
  from {table}
  where (
    {condition}
  )
    and {after}
  order by {key}
  limit ?
)
order by {backwards}
limit 1
