-- Purpose: foreign keys of a table to others of its schema, with all that makes them.
-- Parameters: schema, relation text. Returns: name, columns, parent_table, parent_columns, on_delete, on_update, is_deferrable, is_deferred,
--   is_full. Locks: none. Version: 14 or later.
select
    con.conname::text as name,
    array(
        select attribute.attname::text
        from unnest(con.conkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = con.conrelid
            and attribute.attnum = part.number
        order by part.place
    ) as columns,
    parent.relname::text as parent_table,
    array(
        select attribute.attname::text
        from unnest(con.confkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = con.confrelid
            and attribute.attnum = part.number
        order by part.place
    ) as parent_columns,
    case con.confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' when 'r' then 'restrict' else 'no action' end as on_delete,
    case con.confupdtype when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' when 'r' then 'restrict' else 'no action' end as on_update,
    con.condeferrable as is_deferrable,
    con.condeferred as is_deferred,
    con.confmatchtype = 'f' as is_full
from pg_constraint as con
join pg_class as class
    on class.oid = con.conrelid
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
join pg_class as parent
    on parent.oid = con.confrelid
    and parent.relnamespace = class.relnamespace
where con.contype = 'f'
and con.conparentid = 0
and namespace.nspname = %(schema)s
and class.relname = %(relation)s
order by con.conname
