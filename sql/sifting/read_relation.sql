-- Purpose: what else decides about rows written into a target table.
-- Parameters: relation text (quoted, qualified). Returns: one row: the server's version, whether the table is
--   partitioned, whether its row security holds for us, its name. Locks: none. Version: 14 or later.
select
    current_setting('server_version_num')::integer as version_number,
    relkind = 'p' as is_partitioned,
    row_security_active(oid) as has_row_security,
    relname::text as name
from pg_class
where oid = %(relation)s::regclass
