-- Lists the primary keys and foreign keys of a schema's tables.
-- Parameters: schema, text.
-- Rows: table oid, name, contype (p or f), columns text[], parent schema, parent table, parent columns text[],
--       confdeltype, confupdtype, confmatchtype, is validated, condeferrable, condeferred, whole definition;
--       by table and name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  k.conrelid,
  k.conname,
  k.contype::text,
  (
    select array_agg(a.attname::text order by u.place)
    from unnest(k.conkey) with ordinality as u (number, place)
    join pg_catalog.pg_attribute as a
      on a.attrelid = k.conrelid
      and a.attnum = u.number
  ),
  pn.nspname,
  p.relname,
  (
    select array_agg(a.attname::text order by u.place)
    from unnest(k.confkey) with ordinality as u (number, place)
    join pg_catalog.pg_attribute as a
      on a.attrelid = k.confrelid
      and a.attnum = u.number
  ),
  k.confdeltype::text,
  k.confupdtype::text,
  k.confmatchtype::text,
  k.convalidated,
  k.condeferrable,
  k.condeferred,
  pg_catalog.pg_get_constraintdef(k.oid)
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as c
  on c.oid = k.conrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
left join pg_catalog.pg_class as p
  on p.oid = k.confrelid
left join pg_catalog.pg_namespace as pn
  on pn.oid = p.relnamespace
where n.nspname = %(schema)s
  and k.contype in ('p', 'f')
  and k.conparentid = 0
order by k.conrelid, k.conname
