-- Reads one chunk as the plain texts the checker compares.
-- Places: columns, expressions over alias t; relation; span, the bounds; key. Literal: null.
-- Parameters: none, COPY takes none.
-- Rows: the expressions in key order, as COPY text.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14 (TID range scans).
copy (
  select {columns}
  from {relation} as t
  where {span}
  order by {key}
) to stdout (null {null})
