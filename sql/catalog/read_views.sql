-- Lists the views and materialized views of a schema that are no part of an extension.
-- Parameters: schema, text.
-- Rows: oid, name, is materialized, options text[] or null, definition, is populated, comment, column comments as
--       an array of name and text pairs; by name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  c.oid,
  c.relname,
  c.relkind = 'm',
  c.reloptions,
  pg_catalog.pg_get_viewdef(c.oid),
  c.relispopulated,
  pg_catalog.obj_description(c.oid, 'pg_class'),
  array(
    select array[a.attname::text, d.description]
    from pg_catalog.pg_description as d
    join pg_catalog.pg_attribute as a
      on a.attrelid = d.objoid
      and a.attnum = d.objsubid
    where d.classoid = 'pg_catalog.pg_class'::regclass
      and d.objoid = c.oid
      and d.objsubid > 0
    order by a.attnum
  )
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
where n.nspname = %(schema)s
  and c.relkind in ('v', 'm')
  and not exists (
    select 1
    from pg_catalog.pg_depend as x
    where x.classid = 'pg_catalog.pg_class'::regclass
      and x.objid = c.oid
      and x.deptype = 'e'
  )
order by c.relname
