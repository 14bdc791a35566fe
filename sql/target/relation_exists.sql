-- Purpose: whether a name is taken among tables, views, sequences and indexes.
-- Parameters: schema, name text. Returns: one row when it is. Locks: none. Version: 14 or later.
select class.relname
from pg_class as class
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
where namespace.nspname = %(schema)s
and class.relname = %(name)s
