-- What the doctor needs to know of a PostgreSQL source.
-- Parameters: schema (text).
-- Rows: one: version number (int), version (text), schema exists (bool), may use it (bool),
--   tables in it (int8), tables in it the role may read (int8).
-- Locks: none.
-- Minimum version: PostgreSQL 9.6, so that an unsupported version can be named.
select
  current_setting('server_version_num')::int,
  current_setting('server_version'),
  count(distinct n.oid) > 0,
  coalesce(bool_or(has_schema_privilege(n.oid, 'usage')), false),
  count(c.oid),
  count(c.oid) filter (where has_table_privilege(c.oid, 'select'))
from pg_namespace as n
left join pg_class as c
  on c.relnamespace = n.oid
  and c.relkind in ('r', 'p')
where n.nspname = %(schema)s
