-- Leaves both savepoints: a snapshot is not exported from within one.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
rollback to savepoint fordway_table;
release savepoint fordway_table
