-- Purpose: whether this server takes writes now.
-- Parameters: none. Returns: is_standby, is_read_only boolean. Locks: none. Version: 14 or later.
select
    pg_is_in_recovery() as is_standby,
    current_setting('transaction_read_only')::boolean as is_read_only
