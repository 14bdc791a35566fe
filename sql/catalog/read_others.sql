-- Lists what a schema holds besides plain tables: views, materialized views, foreign tables, partitioned
-- tables and their partitions, triggers, rules, policies, functions, statistics, collations, operators, text search
-- configurations, and other schemas that hold tables.
-- Parameters: schema, text.
-- Rows: kind, name, table ('' where there is none); by kind and name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
with space as (
  select n.oid, n.nspname, n.nspowner, n.nspacl
  from pg_catalog.pg_namespace as n
  where n.nspname = %(schema)s
), relation as (
  select
    c.oid, c.relname, c.relkind, c.relispartition, c.relowner, c.relacl, c.relpersistence, c.reloptions,
    c.reltablespace, c.relrowsecurity, c.relreplident, c.relam
  from pg_catalog.pg_class as c
  join space
    on space.oid = c.relnamespace
  where not exists (
    select 1
    from pg_catalog.pg_depend as x
    where x.classid = 'pg_catalog.pg_class'::regclass
      and x.objid = c.oid
      and x.deptype = 'e'
  )
)
select
  case
    when c.relispartition then 'partition'
    when c.relkind = 'v' then 'view'
    when c.relkind = 'm' then 'materialized view'
    when c.relkind = 'f' then 'foreign table'
    else 'partitioned table'
  end,
  c.relname,
  coalesce(p.relname, '')
from relation as c
left join pg_catalog.pg_inherits as h
  on h.inhrelid = c.oid
  and c.relispartition
left join pg_catalog.pg_class as p
  on p.oid = h.inhparent
where c.relkind in ('v', 'm', 'f', 'p')
  or (c.relkind = 'r' and c.relispartition)
union all
select 'trigger', t.tgname, c.relname
from pg_catalog.pg_trigger as t
join relation as c
  on c.oid = t.tgrelid
where not t.tgisinternal
  and t.tgparentid = 0
union all
select 'rule', r.rulename, c.relname
from pg_catalog.pg_rewrite as r
join relation as c
  on c.oid = r.ev_class
where r.rulename <> '_RETURN'
union all
select 'policy', p.polname, c.relname
from pg_catalog.pg_policy as p
join relation as c
  on c.oid = p.polrelid
union all
select 'row security', c.relname, c.relname
from relation as c
where c.relrowsecurity
union all
select 'function', f.proname || '(' || pg_catalog.pg_get_function_identity_arguments(f.oid) || ')', ''
from pg_catalog.pg_proc as f
join space
  on space.oid = f.pronamespace
where not exists (
    select 1
    from pg_catalog.pg_depend as x
    where x.classid = 'pg_catalog.pg_proc'::regclass
      and x.objid = f.oid
      and x.deptype in ('e', 'i')
  )
union all
select 'statistics', s.stxname, c.relname
from pg_catalog.pg_statistic_ext as s
join relation as c
  on c.oid = s.stxrelid
union all
select 'collation', o.collname, ''
from pg_catalog.pg_collation as o
join space
  on space.oid = o.collnamespace
union all
select 'operator', o.oprname, ''
from pg_catalog.pg_operator as o
join space
  on space.oid = o.oprnamespace
where not exists (
    select 1
    from pg_catalog.pg_depend as x
    where x.classid = 'pg_catalog.pg_operator'::regclass
      and x.objid = o.oid
      and x.deptype = 'e'
  )
union all
select 'text search configuration', o.cfgname, ''
from pg_catalog.pg_ts_config as o
join space
  on space.oid = o.cfgnamespace
union all
select 'other schema', n.nspname || ' (' || count(*) || case when count(*) = 1 then ' table)' else ' tables)' end, ''
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
where n.nspname <> %(schema)s
  and n.nspname not in ('information_schema', 'fordway')
  and n.nspname !~ '^(pg_|fordway_rehearsal_)'
  and c.relkind in ('r', 'p')
  and not c.relispartition
  and not exists (
    select 1
    from pg_catalog.pg_depend as x
    where x.classid = 'pg_catalog.pg_class'::regclass
      and x.objid = c.oid
      and x.deptype = 'e'
  )
group by n.nspname
order by 1, 2, 3
