-- Purpose: gives the lease back at once.
-- Parameters: run_id, owner text; epoch bigint. Returns: nothing. Locks: the lease row. Version: 14 or later.
update fordway.lease
set expires_at = clock_timestamp() - interval '1 second'
where run_id = %(run_id)s
and epoch = %(epoch)s
and owner = %(owner)s
