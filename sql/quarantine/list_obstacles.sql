-- Purpose: constraints and indexes of the target that stand in the way of rows set aside, as they are now.
-- Parameters: run_id text. Returns: name, table_schema, table_name, parent_schema, parent_table text (empty: no foreign key);
--   columns, parent_columns text[]. Locks: none. Version: 14 or later.
with named as (
    select distinct coalesce(nullif(place, ''), column_name) as name
    from fordway.quarantine
    where run_id = %(run_id)s
    and pass = 'move'
)
select
    bound.conname::text as name,
    home.nspname::text as table_schema,
    child.relname::text as table_name,
    coalesce(parent_home.nspname::text, '') as parent_schema,
    coalesce(parent.relname::text, '') as parent_table,
    array(
        select attribute.attname::text
        from unnest(bound.conkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = bound.conrelid
            and attribute.attnum = part.number
        order by part.place
    ) as columns,
    array(
        select attribute.attname::text
        from unnest(bound.confkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = bound.confrelid
            and attribute.attnum = part.number
        order by part.place
    ) as parent_columns
from named
join pg_constraint as bound
    on bound.conname = named.name
join pg_class as child
    on child.oid = bound.conrelid
join pg_namespace as home
    on home.oid = child.relnamespace
left join pg_class as parent
    on parent.oid = bound.confrelid
left join pg_namespace as parent_home
    on parent_home.oid = parent.relnamespace
union all
select
    index_relation.relname::text,
    home.nspname::text,
    child.relname::text,
    '',
    '',
    array(
        select attribute.attname::text
        from unnest(built.indkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = built.indrelid
            and attribute.attnum = part.number
        order by part.place
    ),
    array[]::text[]
from named
join pg_class as index_relation
    on index_relation.relname = named.name
join pg_index as built
    on built.indexrelid = index_relation.oid
join pg_class as child
    on child.oid = built.indrelid
join pg_namespace as home
    on home.oid = child.relnamespace
where not exists (
    select 1
    from pg_constraint as bound
    where bound.conindid = built.indexrelid
    and bound.conname = index_relation.relname
)
