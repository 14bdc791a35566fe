-- Finds one text that is no ISO date or time, in a column where others are.
-- Places: table; column; key.
-- Parameters: none.
-- Rows: one or none, the chunk key.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select {key}
from {table}
where typeof({column}) = 'text'
  and not fordway_is_date(cast({column} as blob))
  and not fordway_is_time(cast({column} as blob))
order by {key}
limit 1
