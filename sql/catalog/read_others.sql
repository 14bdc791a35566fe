-- Lists what a schema holds besides plain tables: views, materialized views, foreign tables, partitioned
-- tables and their partitions, triggers of users, and check constraints of tables.
-- Parameters: schema, text.
-- Rows: kind, name, table ('' where there is none); by kind and name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
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
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
left join pg_catalog.pg_inherits as h
  on h.inhrelid = c.oid
  and c.relispartition
left join pg_catalog.pg_class as p
  on p.oid = h.inhparent
where n.nspname = %(schema)s
  and (c.relkind in ('v', 'm', 'f', 'p') or (c.relkind = 'r' and c.relispartition))
union all
select 'trigger', t.tgname, c.relname
from pg_catalog.pg_trigger as t
join pg_catalog.pg_class as c
  on c.oid = t.tgrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
where n.nspname = %(schema)s
  and not t.tgisinternal
union all
select 'check constraint', k.conname, c.relname
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as c
  on c.oid = k.conrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
where n.nspname = %(schema)s
  and k.contype = 'c'
order by 1, 2, 3
