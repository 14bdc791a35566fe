-- Finds one value of a storage class, for a finding's evidence.
-- Places: table; column; key.
-- Parameters: 1 the storage class as typeof() names it, text.
-- Rows: one or none, the chunk key.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select {key}
from {table}
where typeof({column}) = ?
order by {key}
limit 1
