-- Reads the rows of a chunk that stand at some places in key order, as PostgreSQL's own text.
-- Places: columns, of alias t; names, of alias numbered; key; relation; span, the bounds. Literal: ordinals, an array.
-- Parameters: none, COPY takes none.
-- Rows: the columns, in key order.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
copy (
  select {names}
  from (
    select {columns}, row_number() over (order by {key}) as ordinal
    from {relation} as t
    where {span}
  ) as numbered
  where ordinal = any({ordinals}::bigint[])
  order by ordinal
) to stdout
