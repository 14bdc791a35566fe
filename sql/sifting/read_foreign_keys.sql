-- Purpose: the foreign keys of a target table that new rows must fulfil.
-- Parameters: relation text (quoted, qualified). Returns: one row a key, by name. Locks: none. Version: 14 or later.
--   Those that only carry a key of this table to a partition of its parent are no keys of their own. Keys over
--   periods of time are left out.
select
    bound.conname::text as name,
    array(
        select attribute.attname::text
        from unnest(bound.conkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = bound.conrelid
            and attribute.attnum = part.number
        order by part.place
    ) as columns,
    home.nspname::text as parent_schema,
    parent.relname::text as parent_table,
    array(
        select attribute.attname::text
        from unnest(bound.confkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = bound.confrelid
            and attribute.attnum = part.number
        order by part.place
    ) as parent_columns,
    array(
        select 'operator(' || quote_ident(owner.nspname) || '.' || operator.oprname || ')'
        from unnest(bound.conpfeqop) with ordinality as part (number, place)
        join pg_operator as operator
            on operator.oid = part.number
        join pg_namespace as owner
            on owner.oid = operator.oprnamespace
        order by part.place
    ) as operators,
    bound.confmatchtype = 'f' as is_full,
    bound.confrelid = bound.conrelid as is_self,
    parent.relkind = 'p' as is_partitioned
from pg_constraint as bound
join pg_class as parent
    on parent.oid = bound.confrelid
join pg_namespace as home
    on home.oid = parent.relnamespace
where bound.conrelid = %(relation)s::regclass
and bound.contype = 'f'
and coalesce((to_jsonb(bound) ->> 'conenforced')::boolean, true)
and not coalesce((to_jsonb(bound) ->> 'conperiod')::boolean, false)
and not exists (
    select 1
    from pg_constraint as above
    where above.oid = bound.conparentid
    and above.conrelid = bound.conrelid
)
order by bound.conname
