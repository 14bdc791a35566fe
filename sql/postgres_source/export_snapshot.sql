-- Lets other sessions see what this transaction sees, as long as it is open.
-- Parameters: none.
-- Rows: one, the snapshot's identifier.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
select pg_catalog.pg_export_snapshot()
