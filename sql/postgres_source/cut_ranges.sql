-- Cuts a table without a key's index into ranges by one ordered pass; only the last key of each range comes back.
-- Places: key, the columns of alias t; texts, k1, k2, .., each as text; keys, each key column under its name; relation;
--   condition; span, a condition on the key. What is text for each row costs as much again as the pass.
-- Literal: rows, how many a range has. No parameters, so that a % in the filter stays one.
-- Rows: the last key of each range as text, then its ordinal; in key order.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
select {texts}, number
from (
  select
    {keys},
    row_number() over (order by {key}) as number,
    lead(1) over (order by {key}) is null as is_last
  from {relation} as t
  where (
    {condition}
  )
    and {span}
) as numbered
where number % {rows} = 0
  or is_last
order by number
