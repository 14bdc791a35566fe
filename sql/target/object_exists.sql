-- Purpose: whether a type, domain, sequence or view stands. A table is a row type too and counts, so that
--   nothing is made over it.
-- Parameters: schema, name text. Returns: one row when it does. Locks: none. Version: 14 or later.
select class.relname as name
from pg_class as class
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
where namespace.nspname = %(schema)s
and class.relname = %(name)s
union
select type.typname
from pg_type as type
join pg_namespace as namespace
    on namespace.oid = type.typnamespace
where namespace.nspname = %(schema)s
and type.typname = %(name)s
