-- Makes the temporary table the offices are copied into.
-- Parameters: none.
-- Rows: none.
-- Locks: access share on dispatch_office.
-- Minimum version: PostgreSQL 14.
create temporary table new_office (like dispatch_office) on commit drop
