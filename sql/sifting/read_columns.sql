-- Purpose: the columns of a target table with what decides whether a value fits.
-- Parameters: relation text (quoted, qualified). Returns: one row a column, in table order: names of the type and of
--   the type beneath its domains, that type's limit, whether NULL is refused, what makes a missing value.
-- Locks: none. Version: 14 or later.
with recursive layer as (
    select
        attnum,
        atttypid as typid,
        atttypmod as modifier,
        attnotnull as is_required,
        0 as depth
    from pg_attribute
    where attrelid = %(relation)s::regclass
    and attnum > 0
    and not attisdropped
    union all
    select
        layer.attnum,
        domain.typbasetype,
        domain.typtypmod,
        domain.typnotnull,
        layer.depth + 1
    from layer
    join pg_type as domain
        on domain.oid = layer.typid
    where domain.typtype = 'd'
)
select
    attribute.attname::text as name,
    format_type(attribute.atttypid, attribute.atttypmod) as type_name,
    format_type(base.typid, base.modifier) as base_type,
    kind.typname::text as base_name,
    base.depth > 0 as is_domain,
    case when kind.typname in ('varchar', 'bpchar') and base.modifier > 4 then base.modifier - 4 end as most_characters,
    exists (
        select 1
        from layer
        where layer.attnum = attribute.attnum
        and layer.is_required
    ) as is_required,
    attribute.attgenerated <> '' as is_generated,
    pg_get_expr(value.adbin, value.adrelid) as expression,
    case
        when attribute.attidentity <> '' then pg_get_serial_sequence(%(relation)s::text, attribute.attname::text)
    end as sequence,
    case
        when attribute.attcollation <> kind.typcollation then quote_ident(home.nspname) || '.' || quote_ident(rule.collname)
    end as collation
from pg_attribute as attribute
join layer as base
    on base.attnum = attribute.attnum
join pg_type as kind
    on kind.oid = base.typid
    and kind.typtype <> 'd'
left join pg_attrdef as value
    on value.adrelid = attribute.attrelid
    and value.adnum = attribute.attnum
left join pg_collation as rule
    on rule.oid = attribute.attcollation
left join pg_namespace as home
    on home.oid = rule.collnamespace
where attribute.attrelid = %(relation)s::regclass
order by attribute.attnum
