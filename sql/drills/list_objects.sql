-- Purpose: all that stands in a schema, but for what the rehearsal itself keeps there.
-- Parameters: schema text. Returns: owner text (the table it belongs to, or itself), thing text (in words), detail text.
-- Locks: none. Version: 14 or later.
with relations as (
    select
        class.oid,
        class.relname::text as name,
        class.relkind
    from pg_class as class
    join pg_namespace as namespace
        on namespace.oid = class.relnamespace
    where namespace.nspname = %(schema)s
    and not starts_with(class.relname, 'fordway_before_')
)
select
    coalesce(indexed.relname::text, owning.relname::text, relations.name) as owner,
    case relations.relkind
        when 'v' then 'view'
        when 'm' then 'materialized view'
        when 'S' then 'sequence'
        when 'i' then 'index'
        when 'I' then 'index'
        when 'c' then 'type'
        else 'table'
    end || ' ' || relations.name as thing,
    '' as detail
from relations
left join pg_index as index
    on index.indexrelid = relations.oid
left join pg_class as indexed
    on indexed.oid = index.indrelid
left join lateral (
    select class.relname
    from pg_depend as dependence
    join pg_class as class
        on class.oid = dependence.refobjid
    where dependence.classid = 'pg_class'::regclass
    and dependence.refclassid = 'pg_class'::regclass
    and dependence.objid = relations.oid
    and dependence.deptype in ('a', 'i')
    and relations.relkind = 'S'
    limit 1
) as owning on true
union all
select
    relations.name,
    'column ' || relations.name || '.' || attribute.attname,
    format_type(attribute.atttypid, attribute.atttypmod) || case when attribute.attnotnull then ' not null' else '' end
        || coalesce(' default ' || pg_get_expr(value.adbin, value.adrelid), '')
from relations
join pg_attribute as attribute
    on attribute.attrelid = relations.oid
    and attribute.attnum > 0
    and not attribute.attisdropped
left join pg_attrdef as value
    on value.adrelid = attribute.attrelid
    and value.adnum = attribute.attnum
where relations.relkind in ('r', 'p', 'v', 'm')
union all
select
    relations.name,
    'constraint ' || con.conname || ' of ' || relations.name,
    pg_get_constraintdef(con.oid)
from relations
join pg_constraint as con
    on con.conrelid = relations.oid
union all
select
    type.typname::text,
    'type ' || type.typname,
    ''
from pg_type as type
join pg_namespace as namespace
    on namespace.oid = type.typnamespace
where namespace.nspname = %(schema)s
and type.typtype in ('e', 'd', 'r')
order by 1, 2
