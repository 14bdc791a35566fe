-- Purpose: whether a table has its primary key.
-- Parameters: schema, relation text. Returns: one row when it has. Locks: none. Version: 14 or later.
select con.conname
from pg_constraint as con
join pg_class as class
    on class.oid = con.conrelid
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
where namespace.nspname = %(schema)s
and class.relname = %(relation)s
and con.contype = 'p'
