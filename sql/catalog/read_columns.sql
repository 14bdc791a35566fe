-- Lists the columns of a schema's tables.
-- Parameters: schema, text.
-- Rows: table oid, name, type as format_type() says it, position, is required (of every row, checked),
--       default or generation expression or null, attgenerated ('' or s or v), attidentity ('' or a or d),
--       sequence (oid of the identity's or serial's, or null), is_comparable (a built-in type or an enum, whose
--       operators every session finds), collation or null where it is the type's own, then of a type that is not
--       built in (for an array: its elements') schema, name, extension or nulls; the default's oid or null, comment;
--       in table order.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  a.attrelid,
  a.attname,
  pg_catalog.format_type(a.atttypid, a.atttypmod),
  row_number() over (partition by a.attrelid order by a.attnum),
  a.attnotnull and not exists (
    select 1
    from pg_catalog.pg_constraint as k
    where k.conrelid = a.attrelid
      and k.contype = 'n'
      and not k.convalidated
      and k.conkey = array[a.attnum]
  ),
  pg_catalog.pg_get_expr(d.adbin, d.adrelid),
  a.attgenerated::text,
  a.attidentity::text,
  s.objid,
  t.typtype in ('b', 'e') and (t.typnamespace = 'pg_catalog'::regnamespace or t.typtype = 'e'),
  case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end,
  un.nspname,
  u.typname,
  x.extname,
  d.oid,
  pg_catalog.col_description(a.attrelid, a.attnum)
from pg_catalog.pg_attribute as a
join pg_catalog.pg_class as c
  on c.oid = a.attrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
join pg_catalog.pg_type as t
  on t.oid = a.atttypid
left join pg_catalog.pg_type as u
  on u.oid = case when t.typcategory = 'A' and t.typelem <> 0 then t.typelem else t.oid end
  and u.typnamespace <> 'pg_catalog'::regnamespace
left join pg_catalog.pg_namespace as un
  on un.oid = u.typnamespace
left join pg_catalog.pg_depend as ux
  on ux.classid = 'pg_catalog.pg_type'::regclass
  and ux.objid = u.oid
  and ux.deptype = 'e'
left join pg_catalog.pg_extension as x
  on x.oid = ux.refobjid
left join pg_catalog.pg_attrdef as d
  on d.adrelid = a.attrelid
  and d.adnum = a.attnum
left join pg_catalog.pg_depend as s
  on s.classid = 'pg_catalog.pg_class'::regclass
  and s.refclassid = 'pg_catalog.pg_class'::regclass
  and s.refobjid = a.attrelid
  and s.refobjsubid = a.attnum
  and s.deptype in ('a', 'i')
  and exists (
    select 1
    from pg_catalog.pg_class as q
    where q.oid = s.objid
      and q.relkind = 'S'
  )
  and (
    s.deptype = 'i'
    or (
      a.attnotnull
      and exists (
        select 1
        from pg_catalog.pg_depend as drawn
        where drawn.classid = 'pg_catalog.pg_attrdef'::regclass
          and drawn.objid = d.oid
          and drawn.refclassid = 'pg_catalog.pg_class'::regclass
          and drawn.refobjid = s.objid
      )
    )
  )
where n.nspname = %(schema)s
  and c.relkind in ('r', 'p')
  and a.attnum > 0
  and not a.attisdropped
order by a.attrelid, a.attnum
