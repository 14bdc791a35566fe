-- Purpose: a run that waits for an answer nobody gave in time is paused.
-- Parameters: run_id, reason text. Returns: one row when it waited. Locks: the run's row. Version: 14 or later.
update fordway.run
set
    state = 'paused',
    reason = %(reason)s
where run_id = %(run_id)s
and state = 'waiting'
returning state
