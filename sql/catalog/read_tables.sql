-- Lists a schema's ordinary and partitioned tables; partitions belong to their parent and are left out.
-- Parameters: schema, text.
-- Rows: oid, name, relkind (r ordinary, p partitioned), partition key or null, comment, whether policies hold for this role; by name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  c.oid,
  c.relname,
  c.relkind::text,
  case when c.relkind = 'p' then pg_catalog.pg_get_partkeydef(c.oid) end,
  pg_catalog.obj_description(c.oid, 'pg_class'),
  pg_catalog.row_security_active(c.oid)
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
where n.nspname = %(schema)s
  and c.relkind in ('r', 'p')
  and not c.relispartition
order by c.relname
