-- Goes back to before the reads: what failed is forgotten, locks are given back, transaction and snapshot are whole.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
rollback to savepoint fordway_reading
