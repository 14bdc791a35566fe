-- Cuts a table into ranges by its key's index: from the last key of a range to that of the next. A third of what numbering
-- every row in one pass costs (cut_ranges), which is left for rows that have no index to go by.
-- Places: names, k1, k2, .., one a key column; key, the columns of alias t; keys, the same, each under its name; last, the
--   names in descending order; reached and following, the names of aliases cuts and following; texts, the names as text;
--   relation; span, a condition on the key.
-- Literal: rows, how many a range has.
-- Rows: the last key of each range as text, then its ordinal; in key order.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
with recursive cuts ({names}, number) as (
  (
    select {names}, 1::bigint
    from (
      select {keys}
      from {relation} as t
      where {span}
      order by {key}
      limit {rows}
    ) as first_page
    order by {last}
    limit 1
  )
  union all
  select {following}, cuts.number + 1
  from cuts
  cross join lateral (
    select {names}
    from (
      select {keys}
      from {relation} as t
      where ({key}) > ({reached})
      order by {key}
      limit {rows}
    ) as next_page
    order by {last}
    limit 1
  ) as following
)
select
  {texts},
  least(
    number * {rows},
    (
      select count(*)
      from {relation} as t
      where {span}
    )
  )
from cuts
order by number
