-- Gives back the locks of the table read before, and marks where the first read of another one begins.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
rollback to savepoint fordway_table;
savepoint fordway_read
