-- Sets where names are looked up, which is also what deparsed definitions leave out.
-- Parameters: path, text.
-- Rows: one, the path.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
select pg_catalog.set_config('search_path', %(path)s, false)
