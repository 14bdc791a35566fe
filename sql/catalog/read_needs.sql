-- Lists what a schema's defaults, constraints, indexes, views, types and partition keys rest on. What every
-- PostgreSQL has is pinned and never listed (manual, 53.18 "pg_depend").
-- Parameters: schema, text.
-- Rows: oid of the dependent (a view's is the relation's), kind, schema and name of what it needs, extension or null;
--       in that order.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
with dependent (classid, objid, told, relations) as (
  select 'pg_catalog.pg_attrdef'::regclass, d.oid, d.oid, true
  from pg_catalog.pg_attrdef as d
  join pg_catalog.pg_class as c
    on c.oid = d.adrelid
  where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = %(schema)s)
  union all
  select 'pg_catalog.pg_constraint'::regclass, k.oid, coalesce(nullif(k.contypid, 0), k.oid), false
  from pg_catalog.pg_constraint as k
  where k.connamespace = (select oid from pg_catalog.pg_namespace where nspname = %(schema)s)
    and k.contype in ('c', 'x', 'u')
  union all
  select 'pg_catalog.pg_class'::regclass, c.oid, coalesce(r.oid, k.oid, c.oid), false
  from pg_catalog.pg_class as c
  left join pg_catalog.pg_constraint as k
    on k.conindid = c.oid
    and k.contype in ('x', 'u')
  left join pg_catalog.pg_type as r
    on r.typrelid = c.oid
    and c.relkind = 'c'
  where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = %(schema)s)
    and c.relkind in ('i', 'I', 'p', 'c')
  union all
  select 'pg_catalog.pg_rewrite'::regclass, w.oid, w.ev_class, true
  from pg_catalog.pg_rewrite as w
  join pg_catalog.pg_class as c
    on c.oid = w.ev_class
  where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = %(schema)s)
    and c.relkind in ('v', 'm')
  union all
  select 'pg_catalog.pg_type'::regclass, t.oid, t.oid, false
  from pg_catalog.pg_type as t
  where t.typnamespace = (select oid from pg_catalog.pg_namespace where nspname = %(schema)s)
    and t.typtype in ('e', 'd', 'r')
)
select distinct
  dependent.told,
  identified.type,
  -- pg_identify_object() quotes names that need it.
  coalesce((parse_ident(identified.schema))[1], ''),
  coalesce(f.proname, o.oprname, (parse_ident(identified.name))[1], identified.identity),
  x.extname
from dependent
join pg_catalog.pg_depend as d
  on d.classid = dependent.classid
  and d.objid = dependent.objid
  and d.deptype <> 'e'
  and (
    d.refclassid in (
      'pg_catalog.pg_proc'::regclass, 'pg_catalog.pg_operator'::regclass, 'pg_catalog.pg_opclass'::regclass,
      'pg_catalog.pg_collation'::regclass, 'pg_catalog.pg_type'::regclass
    )
    or (dependent.relations and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> dependent.told)
  )
cross join lateral pg_catalog.pg_identify_object(
  d.refclassid,
  -- An array stands for its elements.
  coalesce(
    (
      select t.typelem
      from pg_catalog.pg_type as t
      where d.refclassid = 'pg_catalog.pg_type'::regclass
        and t.oid = d.refobjid
        and t.typcategory = 'A'
        and t.typelem <> 0
    ),
    d.refobjid
  ),
  0
) as identified
left join pg_catalog.pg_proc as f
  on d.refclassid = 'pg_catalog.pg_proc'::regclass
  and f.oid = d.refobjid
left join pg_catalog.pg_operator as o
  on d.refclassid = 'pg_catalog.pg_operator'::regclass
  and o.oid = d.refobjid
left join pg_catalog.pg_depend as dx
  on dx.classid = d.refclassid
  and dx.objid = d.refobjid
  and dx.deptype = 'e'
left join pg_catalog.pg_extension as x
  on x.oid = dx.refobjid
where coalesce(identified.schema, '') not in ('pg_catalog', 'information_schema')
  and not (d.refclassid = dependent.classid and d.refobjid = dependent.objid)
order by 1, 2, 3, 4
