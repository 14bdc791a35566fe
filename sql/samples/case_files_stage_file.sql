-- Makes the temporary table the files are copied into.
-- Parameters: none.
-- Rows: none.
-- Locks: access share on dispatch_file.
-- Minimum version: PostgreSQL 14.
create temporary table new_file (like dispatch_file) on commit drop
