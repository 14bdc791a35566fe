-- Reads the server's version.
-- Parameters: none.
-- Rows: one, such as 18.1.
-- Locks: none.
-- Minimum version: PostgreSQL 14.
select pg_catalog.current_setting('server_version')
