-- Reads one chunk for a target that takes it as it is; the order of its rows means nothing.
-- Places: columns, of alias t; relation; span, the bounds; format, (format binary) or nothing.
-- Parameters: none, COPY takes none.
-- Rows: the columns.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14 (TID range scans).
copy (
  select {columns}
  from {relation} as t
  where {span}
) to stdout {format}
