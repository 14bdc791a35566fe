-- Finds where the next chunk ends: the last of the keys that follow, and how many they are.
-- Places: table; key, one column; condition, the playbook's own SQL; after, a condition on the key.
-- Parameters: the key value after which (where after has one); how many rows.
-- Rows: one: the key (null when no row follows), the count.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select max({key}), count(*)
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
