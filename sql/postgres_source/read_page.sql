-- Reads one page of a chunk as PostgreSQL's own text.
-- Places: columns, then the key again, of alias t; relation; condition; span, the bounds; key.
-- Parameters: put in as literals, COPY takes none: the bounds' values, limit.
-- Rows: the columns, then the key, in key order.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14 (TID range scans).
copy (
  select {columns}
  from {relation} as t
  where (
    {condition}
  )
    and {span}
  order by {key}
  limit {limit}
) to stdout
