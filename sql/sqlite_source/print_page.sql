-- Prints the rows of a page.
-- Places: line, how a row is printed; table; key; after, a condition on the key; end and upto, one parameter mark (or
-- cast mark) a key column.
-- Parameters: formats of the line; the key values after which, then those up to which the page goes, then those up
-- to which the range goes.
-- Rows: one: how many rows, their lines (null where there are none).
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.15 (row values).
select count(*), group_concat(printed_line, '')
from (
  select {line} as printed_line
  from {table} as source_rows
  where {after}
    and ({key}) <= ({end})
    and ({key}) <= ({upto})
  order by {key}
)
