-- Counts rows whose foreign key is set, for a key whose parent table does not exist.
-- Places: table; all_set, a condition on alias c.
-- Parameters: none.
-- Rows: one, the count.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select count(*)
from {table} as c
where {all_set}
