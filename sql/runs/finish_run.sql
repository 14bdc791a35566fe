-- Purpose: a run is complete, which happens once.
-- Parameters: run_id, step text. Returns: the state, when this made it complete. Locks: the run's row. Version: 14 or later.
update fordway.run
set
    state = 'complete',
    step = %(step)s,
    reason = '',
    is_failed = false,
    finished_at = coalesce(finished_at, now())
where run_id = %(run_id)s
and state <> 'complete'
returning state
