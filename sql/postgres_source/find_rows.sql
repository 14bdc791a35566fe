-- Reads rows whose columns have one of some values, as PostgreSQL's own text.
-- Places: columns, of alias t; relation; condition; span, the bounds; by, of alias t; parts, of alias asked; arrays of
--   the values, one a column; names of alias asked.
-- Parameters: none, COPY takes none.
-- Rows: the columns, in no order.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
copy (
  select {columns}
  from {relation} as t
  where (
    {condition}
  )
    and {span}
    and ({by}) in (
      select {parts}
      from unnest({arrays}) as asked ({names})
    )
) to stdout
