-- Lists the types of users in a schema, without row types of tables, arrays and parts of extensions.
-- Parameters: schema, text.
-- Rows: oid, kind, name, what follows the name in CREATE (empty for base types), comment; by name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select
  t.oid,
  case t.typtype
    when 'e' then 'enum'
    when 'd' then 'domain'
    when 'c' then 'composite'
    when 'r' then 'range'
    else 'base'
  end,
  t.typname,
  case t.typtype
    when 'e' then (
      select 'as enum (' || string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) || ')'
      from pg_catalog.pg_enum as e
      where e.enumtypid = t.oid
    )
    when 'd' then concat_ws(
      ' ',
      'as ' || pg_catalog.format_type(t.typbasetype, t.typtypmod),
      case when t.typcollation <> b.typcollation then 'collate ' || t.typcollation::regcollation::text end,
      'default ' || t.typdefault,
      case when t.typnotnull then 'not null' end,
      (
        select string_agg(
          'constraint ' || quote_ident(k.conname) || ' ' || pg_catalog.pg_get_constraintdef(k.oid), ' ' order by k.conname
        )
        from pg_catalog.pg_constraint as k
        where k.contypid = t.oid
          and k.contype = 'c'
          and k.convalidated
      )
    )
    when 'c' then 'as (' || coalesce(
      (
        select string_agg(
          concat_ws(
            ' ',
            quote_ident(a.attname),
            pg_catalog.format_type(a.atttypid, a.atttypmod),
            case when a.attcollation <> at.typcollation then 'collate ' || a.attcollation::regcollation::text end
          ),
          ', ' order by a.attnum
        )
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_type as at
          on at.oid = a.atttypid
        where a.attrelid = t.typrelid
          and a.attnum > 0
          and not a.attisdropped
      ),
      ''
    ) || ')'
    when 'r' then (
      select 'as range (' || concat_ws(
        ', ',
        'subtype = ' || pg_catalog.format_type(r.rngsubtype, null),
        case when not o.opcdefault then 'subtype_opclass = ' || quote_ident(onsp.nspname) || '.' || quote_ident(o.opcname) end,
        case
          when r.rngcollation <> 0 and r.rngcollation <> st.typcollation
            then 'collation = ' || r.rngcollation::regcollation::text
        end,
        case when r.rngcanonical <> 0 then 'canonical = ' || r.rngcanonical::regproc::text end,
        case when r.rngsubdiff <> 0 then 'subtype_diff = ' || r.rngsubdiff::regproc::text end,
        'multirange_type_name = ' || quote_ident(mt.typname)
      ) || ')'
      from pg_catalog.pg_range as r
      join pg_catalog.pg_opclass as o
        on o.oid = r.rngsubopc
      join pg_catalog.pg_namespace as onsp
        on onsp.oid = o.opcnamespace
      join pg_catalog.pg_type as st
        on st.oid = r.rngsubtype
      join pg_catalog.pg_type as mt
        on mt.oid = r.rngmultitypid
      where r.rngtypid = t.oid
    )
    else ''
  end,
  pg_catalog.obj_description(t.oid, 'pg_type')
from pg_catalog.pg_type as t
join pg_catalog.pg_namespace as n
  on n.oid = t.typnamespace
left join pg_catalog.pg_class as c
  on c.oid = t.typrelid
left join pg_catalog.pg_type as b
  on b.oid = t.typbasetype
where n.nspname = %(schema)s
  and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c') or (t.typtype = 'b' and t.typcategory <> 'A'))
  and not exists (
    select 1
    from pg_catalog.pg_depend as x
    where x.classid = 'pg_catalog.pg_type'::regclass
      and x.objid = t.oid
      and x.deptype = 'e'
  )
order by t.typname
