-- Counts rows whose foreign key names no parent; a key with a null in it names none on purpose.
-- Places: relation, parent; all_set, a condition on alias c; matches, pairs of aliases p and c.
-- Parameters: none.
-- Rows: one, the count.
-- Locks: access share on both tables.
-- Minimum version: PostgreSQL 14.
select count(*)
from {relation} as c
where {all_set}
  and not exists (
    select 1
    from {parent} as p
    where {matches}
  )
