-- Sums two hashes over the lines of one chunk, as sum_stretch does on the target.
-- Places: line, a text expression over alias t; relation; span, the bounds. Literals: one, two, the seeds.
-- Parameters: none.
-- Rows: one: count, sum of the first hash, of the second.
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14.
select
  count(*),
  coalesce(sum(pg_catalog.hashtextextended(lines.line collate "C", {one})), 0),
  coalesce(sum(pg_catalog.hashtextextended(lines.line collate "C", {two})), 0)
from (
  select {line} as line
  from {relation} as t
  where {span}
  limit 9223372036854775807
) as lines
