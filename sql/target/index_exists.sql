-- Purpose: whether an index stands.
-- Parameters: schema, name text. Returns: one row when it does. Locks: none. Version: 14 or later.
select class.relname
from pg_class as class
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
where namespace.nspname = %(schema)s
and class.relname = %(name)s
and class.relkind in ('i', 'I')
