-- Counts the rows that pass the filter.
-- Places: relation; condition, the playbook's own SQL.
-- Parameters: none.
-- Rows: one, the count.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
select count(*)
from {relation} as t
where (
  {condition}
)
