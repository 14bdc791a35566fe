-- Purpose: handoffs a dead runner left open will not be finished by anyone.
-- Parameters: run_id text, epoch bigint (the living runner's). Returns: the handoffs closed. Locks: the rows. Version: 14 or later.
update fordway.handoff
set
    state = 'expired',
    closed_at = clock_timestamp(),
    error = jsonb_build_object('what', 'The runner that held it is gone')
where run_id = %(run_id)s
and epoch < %(epoch)s
and state in ('offered', 'accepted')
returning
    handoff_id,
    from_agent,
    to_agent,
    task
