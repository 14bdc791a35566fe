-- Reads where names are looked up.
-- Parameters: none.
-- Rows: one, the path.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
select pg_catalog.current_setting('search_path')
