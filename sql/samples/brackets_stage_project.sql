-- Makes the temporary table the projects are copied into.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
create temporary table new_project (
  id bigint,
  name text,
  clinic text,
  opened_on date
) on commit drop
