-- Purpose: foreign keys by which rows of other tables, or of the table itself, name rows of a table.
-- Parameters: schema, relation text. Returns: child_schema, child_table, name, columns, parent_columns; columns in order.
-- Locks: none. Version: 14 or later.
select
    namespace.nspname as child_schema,
    class.relname as child_table,
    con.conname as name,
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
join pg_class as class
    on class.oid = con.conrelid
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
join pg_class as parent
    on parent.oid = con.confrelid
join pg_namespace as parent_namespace
    on parent_namespace.oid = parent.relnamespace
where con.contype = 'f'
and con.conparentid = 0
and parent_namespace.nspname = %(schema)s
and parent.relname = %(relation)s
order by namespace.nspname, class.relname, con.conname
