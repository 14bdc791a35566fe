-- Lists the indexes of a schema's tables and materialized views but for primary keys and those of
-- constraints that are more than columns.
-- Parameters: schema, text.
-- Rows: table oid, name, key columns text[] (a null stands for an expression), is unique, made by a constraint,
--       is partial, descending boolean[] a key column, access method, statement, is valid, what follows the table's
--       name in the statement, is plain (nothing but columns, in order or descending), columns touched text[], oid;
--       by table and name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  listed.indrelid,
  listed.relname,
  listed.columns,
  listed.indisunique,
  listed.is_constraint,
  listed.is_partial,
  listed.descending,
  listed.amname,
  listed.statement,
  listed.indisvalid,
  listed.tail,
  listed.tail in (
    'USING btree (' || (
      select string_agg(quote_ident(u.name) || case when u.is_down then ' DESC' else '' end, ', ' order by u.place)
      from unnest(listed.columns, listed.descending) with ordinality as u (name, is_down, place)
    ) || ')'
  ),
  listed.touched,
  listed.indexrelid
from (
  select
    i.indrelid,
    i.indexrelid,
    x.relname,
    array(
      select a.attname::text
      from generate_series(1, i.indnkeyatts) as s (place)
      left join pg_catalog.pg_attribute as a
        on a.attrelid = i.indrelid
        and a.attnum = i.indkey[s.place - 1]
        and a.attnum > 0
      order by s.place
    ) as columns,
    i.indisunique,
    k.oid is not null as is_constraint,
    i.indpred is not null as is_partial,
    array(
      select (i.indoption[s.place - 1] & 1) = 1
      from generate_series(1, i.indnkeyatts) as s (place)
      order by s.place
    ) as descending,
    m.amname,
    pg_catalog.pg_get_indexdef(i.indexrelid) as statement,
    i.indisvalid,
    substr(
      pg_catalog.pg_get_indexdef(i.indexrelid),
      1 + length(
        format(
          'CREATE %%sINDEX %%I ON %%s%%I.%%I ',
          case when i.indisunique then 'UNIQUE ' else '' end,
          x.relname,
          case when c.relkind = 'p' then 'ONLY ' else '' end,
          n.nspname,
          c.relname
        )
      )
    ) as tail,
    array(
      select a.attname::text
      from pg_catalog.pg_attribute as a
      where a.attrelid = i.indrelid
        and (
          a.attnum = any(i.indkey)
          or exists (
            select 1
            from pg_catalog.pg_depend as d
            where d.classid = 'pg_catalog.pg_class'::regclass
              and d.objid = i.indexrelid
              and d.refclassid = 'pg_catalog.pg_class'::regclass
              and d.refobjid = i.indrelid
              and d.refobjsubid = a.attnum
          )
        )
        and a.attnum > 0
      order by a.attnum
    ) as touched
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
    and c.relkind in ('r', 'p', 'm')
    and not i.indisprimary
) as listed
order by listed.indrelid, listed.relname
