-- Makes the temporary table the links between cases and files are copied into.
-- Parameters: none.
-- Rows: none.
-- Locks: access share on dispatch_case_file.
-- Minimum version: PostgreSQL 14.
create temporary table new_link (like dispatch_case_file) on commit drop
