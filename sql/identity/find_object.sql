-- Purpose: what an object the run made or filled is called now.
-- Parameters: run_id, kind, schema, name, origin text. Returns: schema_now, name_now, both null when it was removed;
--   columns_then, columns_now jsonb: a relation's columns, name by number, null when they were not kept;
--   no row when the ledger does not know which object is meant, or knew it in another database. Locks: none. Version: 14 or later.
select
    coalesce(place_of_class.nspname, place_of_type.nspname, '') as schema_now,
    coalesce(class.relname, type.typname, schema.nspname) as name_now,
    identity.columns as columns_then,
    (
        select jsonb_object_agg(attribute.attnum, attribute.attname)
        from pg_attribute as attribute
        where attribute.attrelid = class.oid
        and attribute.attnum > 0
        and not attribute.attisdropped
    ) as columns_now
from fordway.object_identity as identity
left join pg_class as class
    on identity.kind = 'relation'
    and class.oid = identity.object_oid
left join pg_namespace as place_of_class
    on place_of_class.oid = class.relnamespace
left join pg_type as type
    on identity.kind = 'type'
    and type.oid = identity.object_oid
left join pg_namespace as place_of_type
    on place_of_type.oid = type.typnamespace
left join pg_namespace as schema
    on identity.kind = 'schema'
    and schema.oid = identity.object_oid
where identity.run_id = %(run_id)s
and identity.kind = %(kind)s
and identity.schema_name = %(schema)s
and identity.object_name = %(name)s
and (identity.origin is null or identity.origin = %(origin)s)
