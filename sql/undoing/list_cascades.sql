-- Purpose: foreign keys that delete or change their rows when a row of this table goes.
-- Parameters: relation text (quoted, qualified). Returns: child_schema, child_table, columns, parent_columns.
-- Locks: none. Version: 14 or later.
select
    namespace.nspname as child_schema,
    child.relname as child_table,
    array(
        select attribute.attname::text
        from unnest(con.conkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = con.conrelid
            and attribute.attnum = part.number
        order by part.place
    ) as columns,
    array(
        select attribute.attname::text
        from unnest(con.confkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = con.confrelid
            and attribute.attnum = part.number
        order by part.place
    ) as parent_columns
from pg_constraint as con
join pg_class as child
    on child.oid = con.conrelid
join pg_namespace as namespace
    on namespace.oid = child.relnamespace
where con.contype = 'f'
and con.conparentid = 0
and con.confrelid = %(relation)s::regclass
and con.confdeltype in ('c', 'n', 'd')
order by namespace.nspname, child.relname, con.conname
