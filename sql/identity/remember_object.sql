-- Purpose: which object a name of the run means, written in the transaction that made or found it.
--   Columns stay as they were when the run met the object first.
-- Parameters: run_id, kind, schema, name, origin text (a schema's own schema is empty). Returns: nothing. Locks: its row. Version: 14 or later.
insert into fordway.object_identity as kept (run_id, kind, schema_name, object_name, object_oid, columns, origin)
select
    %(run_id)s,
    %(kind)s,
    %(schema)s,
    %(name)s,
    found.oid,
    (
        select jsonb_object_agg(attribute.attnum, attribute.attname)
        from pg_attribute as attribute
        where %(kind)s = 'relation'
        and attribute.attrelid = found.oid
        and attribute.attnum > 0
        and not attribute.attisdropped
    ),
    %(origin)s
from (
    select class.oid
    from pg_class as class
    join pg_namespace as namespace
        on namespace.oid = class.relnamespace
    where %(kind)s = 'relation'
    and namespace.nspname = %(schema)s
    and class.relname = %(name)s
    union all
    select type.oid
    from pg_type as type
    join pg_namespace as namespace
        on namespace.oid = type.typnamespace
    where %(kind)s = 'type'
    and namespace.nspname = %(schema)s
    and type.typname = %(name)s
    union all
    select namespace.oid
    from pg_namespace as namespace
    where %(kind)s = 'schema'
    and namespace.nspname = %(name)s
) as found
on conflict (run_id, kind, schema_name, object_name) do update
set
    object_oid = excluded.object_oid,
    columns = case
        when kept.object_oid = excluded.object_oid and kept.origin = excluded.origin and kept.columns is not null then kept.columns
        else excluded.columns
    end,
    origin = excluded.origin
