-- Purpose: whether a constraint stands, and whether it is validated.
-- Parameters: schema, relation, name text. Returns: convalidated, when it stands. Locks: none. Version: 14 or later.
select con.convalidated as is_validated
from pg_constraint as con
join pg_class as class
    on class.oid = con.conrelid
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
where namespace.nspname = %(schema)s
and class.relname = %(relation)s
and con.conname = %(name)s
