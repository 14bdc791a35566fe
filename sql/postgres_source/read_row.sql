-- Reads one row by its chunk key, as PostgreSQL's own text.
-- Places: columns and key, of alias t; relation; at, the key's values as literals.
-- Parameters: none.
-- Rows: one or none.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
copy (
  select {columns}
  from {relation} as t
  where ({key}) = ({at})
) to stdout
