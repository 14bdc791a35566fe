-- Lists a schema's sequences and those its tables' columns own, with how they count.
-- Parameters: schema, text.
-- Rows: oid, schema, name, type, start, increment, minimum, maximum, cache, cycles, owning table's and column's
--       names or nulls, comment; by name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  s.seqrelid,
  n.nspname,
  c.relname,
  pg_catalog.format_type(s.seqtypid, null),
  s.seqstart,
  s.seqincrement,
  s.seqmin,
  s.seqmax,
  s.seqcache,
  s.seqcycle,
  owner.table_name,
  owner.column_name,
  pg_catalog.obj_description(s.seqrelid, 'pg_class')
from pg_catalog.pg_sequence as s
join pg_catalog.pg_class as c
  on c.oid = s.seqrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
left join lateral (
  select t.relname as table_name, a.attname as column_name, tn.nspname as table_schema
  from pg_catalog.pg_depend as d
  join pg_catalog.pg_class as t
    on t.oid = d.refobjid
  join pg_catalog.pg_namespace as tn
    on tn.oid = t.relnamespace
  join pg_catalog.pg_attribute as a
    on a.attrelid = d.refobjid
    and a.attnum = d.refobjsubid
  where d.classid = 'pg_catalog.pg_class'::regclass
    and d.objid = s.seqrelid
    and d.refclassid = 'pg_catalog.pg_class'::regclass
    and d.deptype in ('a', 'i')
) as owner on true
where n.nspname = %(schema)s
  or owner.table_schema = %(schema)s
order by c.relname
