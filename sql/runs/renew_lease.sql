-- Purpose: keeps the lease; touches no key column, so open chunks do not wait for it.
-- Parameters: run_id, owner text; epoch bigint; seconds double precision.
-- Returns: one row while the lease is ours. Locks: the lease row FOR NO KEY UPDATE. Version: 14 or later.
update fordway.lease
set
    heartbeat_at = clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
where run_id = %(run_id)s
and epoch = %(epoch)s
and owner = %(owner)s
and expires_at > '-infinity' -- given back
returning epoch
