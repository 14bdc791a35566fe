-- Counts rows whose foreign key names no parent; a key with a null in it names none on purpose.
-- Places: table; all_set, a condition on alias c; parent; matches, the pairs of aliases p and c.
-- Parameters: none.
-- Rows: one, the count.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select count(*)
from {table} as c
where {all_set}
  and not exists (
    select 1
    from {parent} as p
    where {matches}
  )
