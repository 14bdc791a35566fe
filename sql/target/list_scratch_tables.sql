-- Purpose: some tables of a scratch schema, partitions before the tables they belong to.
-- Parameters: schema text; most integer. Returns: name. Locks: none. Version: 14 or later.
select class.relname::text as name
from pg_class as class
join pg_namespace as namespace
    on namespace.oid = class.relnamespace
where namespace.nspname = %(schema)s
and class.relkind in ('r', 'p')
order by class.relkind desc, class.oid desc
limit %(most)s
