-- Purpose: closes the open question whose deadline has passed.
-- Parameters: run_id text. Returns: decision_id, deadline. Locks: its row. Version: 14 or later.
update fordway.decision
set state = 'paused_timeout'
where run_id = %(run_id)s
and state = 'open'
and deadline <= clock_timestamp()
returning
    decision_id,
    deadline
