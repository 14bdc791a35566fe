-- Lists the indexes of a schema's tables but for primary keys.
-- Parameters: schema, text.
-- Rows: table oid, name, key columns text[] (a null stands for an expression), is unique, made by a constraint,
--       is partial, descending boolean[] a key column, access method, statement, is valid;
--       by table and name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  i.indrelid,
  x.relname,
  array(
    select a.attname::text
    from generate_series(1, i.indnkeyatts) as s (place)
    left join pg_catalog.pg_attribute as a
      on a.attrelid = i.indrelid
      and a.attnum = i.indkey[s.place - 1]
      and a.attnum > 0
    order by s.place
  ),
  i.indisunique,
  k.oid is not null,
  i.indpred is not null,
  array(
    select (i.indoption[s.place - 1] & 1) = 1
    from generate_series(1, i.indnkeyatts) as s (place)
    order by s.place
  ),
  m.amname,
  pg_catalog.pg_get_indexdef(i.indexrelid),
  i.indisvalid
from pg_catalog.pg_index as i
join pg_catalog.pg_class as c
  on c.oid = i.indrelid
join pg_catalog.pg_namespace as n
  on n.oid = c.relnamespace
join pg_catalog.pg_class as x
  on x.oid = i.indexrelid
join pg_catalog.pg_am as m
  on m.oid = x.relam
left join pg_catalog.pg_constraint as k
  on k.conindid = i.indexrelid
  and k.contype in ('u', 'x')
where n.nspname = %(schema)s
  and c.relkind in ('r', 'p')
  and not i.indisprimary
order by i.indrelid, x.relname
