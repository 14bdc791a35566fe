-- Leaves the savepoint: a snapshot is not exported from within one.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
rollback to savepoint fordway_reading;
release savepoint fordway_reading
