-- Purpose: whether a table is there.
-- Parameters: schema, relation text. Returns: one row when it is. Locks: none. Version: 14 or later.
select class.oid::bigint as oid
from pg_class as class
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
where namespace.nspname = %(schema)s
and class.relname = %(relation)s
and class.relkind in ('r', 'p')
