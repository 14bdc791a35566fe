-- Looks at every row once; the columns' types already say what the values are.
-- Places: relation; columns, one profile_column or profile_number a column.
-- Parameters: none.
-- Rows: one: the row count, then nulls, smallest, largest, longest, empty texts (of integers: those that are 0 or 1) a column.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
select count(*), {columns}
from {relation} as t
