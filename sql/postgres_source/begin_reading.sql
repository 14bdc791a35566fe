-- Marks where a reading transaction has its snapshot, and no table's locks yet.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
savepoint fordway_reading
