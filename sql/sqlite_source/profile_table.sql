-- Looks at every row once and counts what the values really are.
-- Places: table; columns, one profile_column a column.
-- Parameters: none.
-- Rows: one: the row count, then the counts of profile_column a column.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.30 (filter on aggregates).
select count(*), {columns}
from {table}
