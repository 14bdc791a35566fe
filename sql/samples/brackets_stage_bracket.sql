-- Makes the temporary table the brackets are copied into.
-- Parameters: none.
-- Rows: none.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
create temporary table new_bracket (
  id bigint,
  name text,
  type text,
  project_id bigint,
  tooth integer,
  prescription text,
  slot text,
  torque integer,
  tip integer,
  hooks integer,
  material text,
  catalogue_no text,
  remark text
) on commit drop
