-- Lists the CHECK, EXCLUDE and UNIQUE constraints of a schema's tables; a partition's belong to its parent.
-- Parameters: schema, text.
-- Rows: table oid, name, contype (c, x or u), definition, columns text[], is validated, is plain (a UNIQUE that is
--       nothing but its columns), oid, comment; by table and name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  k.conrelid,
  k.conname,
  k.contype::text,
  pg_catalog.pg_get_constraintdef(k.oid),
  named.columns,
  k.convalidated,
  k.contype = 'u' and pg_catalog.pg_get_constraintdef(k.oid) = 'UNIQUE (' || named.listed || ')',
  k.oid,
  pg_catalog.obj_description(k.oid, 'pg_constraint')
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as c
  on c.oid = k.conrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
cross join lateral (
  select
    coalesce(array_agg(a.attname::text order by u.place), '{}') as columns,
    string_agg(quote_ident(a.attname), ', ' order by u.place) as listed
  from unnest(k.conkey) with ordinality as u (number, place)
  join pg_catalog.pg_attribute as a
    on a.attrelid = k.conrelid
    and a.attnum = u.number
) as named
where n.nspname = %(schema)s
  and k.contype in ('c', 'x', 'u')
  and k.conparentid = 0
  and c.relkind in ('r', 'p')
  and not c.relispartition
order by k.conrelid, k.conname
