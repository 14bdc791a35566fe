-- Finds one text PostgreSQL can't hold: with a NUL, or no UTF-8.
-- Places: table; column; key.
-- Parameters: none.
-- Rows: one or none, the chunk key.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.0.
select {key}
from {table}
where typeof({column}) = 'text'
  and (instr({column}, char(0)) > 0 or fordway_is_not_utf8(cast({column} as blob)))
order by {key}
limit 1
