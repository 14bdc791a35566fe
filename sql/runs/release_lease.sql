-- Purpose: gives the lease back at once; a heartbeat that is still on its way renews it no more.
-- Parameters: run_id, owner text; epoch bigint. Returns: nothing. Locks: the lease row. Version: 14 or later.
update fordway.lease
set expires_at = '-infinity'
where run_id = %(run_id)s
and epoch = %(epoch)s
and owner = %(owner)s
