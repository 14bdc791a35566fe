-- Purpose: the runner's agents are alive.
-- Parameters: run_id text, roles text[], pid integer. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.agent_status
set heartbeat_at = clock_timestamp()
where run_id = %(run_id)s
and role = any(%(roles)s)
and pid = %(pid)s
