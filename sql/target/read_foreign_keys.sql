-- Purpose: foreign keys of an existing table, so that a rehearsal honours them too.
-- Parameters: schema, relation text. Returns: one row a key, columns in order. Locks: none. Version: 14 or later.
select
    con.conname as name,
    array(
        select attribute.attname::text
        from unnest(con.conkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = con.conrelid
            and attribute.attnum = part.number
        order by part.place
    ) as columns,
    parent_namespace.nspname as parent_schema,
    parent.relname as parent_table,
    array(
        select attribute.attname::text
        from unnest(con.confkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = con.confrelid
            and attribute.attnum = part.number
        order by part.place
    ) as parent_columns
from pg_constraint as con
join pg_class as class
    on class.oid = con.conrelid
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
join pg_class as parent
    on parent.oid = con.confrelid
join pg_namespace as parent_namespace
    on parent_namespace.oid = parent.relnamespace
where con.contype = 'f'
and namespace.nspname = %(schema)s
and class.relname = %(relation)s
order by con.conname
