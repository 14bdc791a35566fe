-- Digests which row lies where, by one scan: VACUUM FULL, CLUSTER and updates move rows.
-- Places: relation.
-- Parameters: none.
-- Rows: one: count, sum of hashes (null for an empty table).
-- Locks: access share on the table.
-- Minimum version: PostgreSQL 14 (hashtextextended is 11).
select count(*), sum(pg_catalog.hashtextextended(pg_catalog.concat(t.tableoid::oid, t.ctid, t::text), 0))
from {relation} as t
