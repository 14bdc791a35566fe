-- Makes the temporary table the cases are copied into.
-- Parameters: none.
-- Rows: none.
-- Locks: access share on dispatch_case.
-- Minimum version: PostgreSQL 14.
create temporary table new_case (like dispatch_case) on commit drop
