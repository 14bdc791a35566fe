-- Lists the partitions, at every depth, of a schema's partitioned tables.
-- Parameters: schema, text.
-- Rows: oid of the outermost parent, name, schema, parent's name, bounds, partition key or null, is foreign;
--       parents before their partitions.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  c.oid,
  p.relname,
  pn.nspname,
  pp.relname,
  pg_catalog.pg_get_expr(p.relpartbound, p.oid),
  case when p.relkind = 'p' then pg_catalog.pg_get_partkeydef(p.oid) end,
  p.relkind = 'f'
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
cross join lateral pg_catalog.pg_partition_tree(c.oid) as t
join pg_catalog.pg_class as p
  on p.oid = t.relid
join pg_catalog.pg_namespace as pn
  on pn.oid = p.relnamespace
join pg_catalog.pg_class as pp
  on pp.oid = t.parentrelid
where n.nspname = %(schema)s
  and c.relkind = 'p'
  and not c.relispartition
  and t.level > 0
order by c.oid, t.level, p.relname
