-- Purpose: whether a schema is there.
-- Parameters: schema text. Returns: one row when it is. Locks: none. Version: 14 or later.
select nspname
from pg_namespace
where nspname = %(schema)s
