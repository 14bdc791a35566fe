-- Takes the snapshot of a repeatable read transaction by being its first query.
-- Parameters: none.
-- Rows: one, a number.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
select 1
