-- Tells whether a schema exists.
-- Parameters: schema, text.
-- Rows: one, a boolean.
-- Locks: access share on pg_namespace.
-- Minimum version: PostgreSQL 14.
select exists (
  select 1
  from pg_catalog.pg_namespace
  where nspname = %(schema)s
)
