-- Marks where the next read of the same table begins; what its reads locked stays locked.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
release savepoint fordway_read;
savepoint fordway_read
