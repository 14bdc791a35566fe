-- Goes back to before a read that failed: the transaction, its snapshot and its earlier locks are whole again.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
rollback to savepoint fordway_read
