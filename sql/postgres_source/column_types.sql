-- Names the types of some columns.
-- Parameters: schema, relation text; names text[].
-- Rows: name, type text.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  a.attname::text,
  pg_catalog.format_type(a.atttypid, null)
from pg_catalog.pg_attribute as a
join pg_catalog.pg_class as c
  on c.oid = a.attrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
where n.nspname = %(schema)s
  and c.relname = %(relation)s
  and a.attname::text = any(%(names)s::text[])
