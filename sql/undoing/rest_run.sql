-- Purpose: after a part of it was taken back a run rests where it can be resumed; it has not come to its end.
-- Parameters: run_id, step, reason text. Returns: nothing. Locks: the run's row. Version: 14 or later.
update fordway.run
set
    state = 'paused',
    step = %(step)s,
    reason = %(reason)s,
    is_failed = false,
    finished_at = null
where run_id = %(run_id)s
