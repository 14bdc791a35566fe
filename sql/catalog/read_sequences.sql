-- Lists a schema's sequences that columns draw from, with how they count.
-- Parameters: schema, text.
-- Rows: oid, schema, name, increment.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select s.seqrelid, n.nspname, c.relname, s.seqincrement
from pg_catalog.pg_sequence as s
join pg_catalog.pg_class as c
  on c.oid = s.seqrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
where exists (
  select 1
  from pg_catalog.pg_depend as d
  join pg_catalog.pg_class as t
    on t.oid = d.refobjid
  join pg_catalog.pg_namespace as tn
    on tn.oid = t.relnamespace
  where d.classid = 'pg_catalog.pg_class'::regclass
    and d.objid = s.seqrelid
    and d.deptype in ('a', 'i')
    and tn.nspname = %(schema)s
)
