-- Purpose: whether a name is taken among types and domains. A table, view or sequence has a row type of its name, and counts.
-- Parameters: schema, name text. Returns: one row when it is. Locks: none. Version: 14 or later.
select type.typname
from pg_type as type
join pg_namespace as namespace
    on namespace.oid = type.typnamespace
where namespace.nspname = %(schema)s
and type.typname = %(name)s
