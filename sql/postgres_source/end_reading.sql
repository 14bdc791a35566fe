-- Leaves the savepoint, whatever was done since: a snapshot is not exported from within one. Two statements, for one
-- without the other would leave the transaction failed or the savepoint standing.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
rollback to savepoint fordway_reading;
release savepoint fordway_reading
