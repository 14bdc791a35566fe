-- Purpose: how many of the server's connections are in use.
-- Parameters: none. Returns: used, most integer. Locks: none. Version: 14 or later.
select
    count(*)::integer as used,
    current_setting('max_connections')::integer as most
from pg_stat_activity
where backend_type = 'client backend'
