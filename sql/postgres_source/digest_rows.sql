-- Digests every row of a table, whatever their order, by one scan. The sum of 64-bit hashes over all columns
-- changes with any value; statistics and transaction ids would not do, because they are estimates, or the same
-- after a dump is restored. It is a sign of change, no proof of equality: that is the checker's task.
-- Places: relation.
-- Parameters: none.
-- Rows: one: count, sum of hashes (null for an empty table).
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14 (hashtextextended is 11).
select count(*), sum(pg_catalog.hashtextextended(t::text, 0))
from {relation} as t
