-- Purpose: moves a run to another state and step; the guard trigger refuses illegal moves.
-- Parameters: run_id, state, step, reason text; is_failed boolean.
-- Returns: the state, when the run exists. Locks: the run's row. Version: 14 or later.
update fordway.run
set
    state = %(state)s,
    step = %(step)s,
    reason = %(reason)s,
    is_failed = %(is_failed)s,
    finished_at = case when %(state)s in ('complete', 'undone') then coalesce(finished_at, now()) else finished_at end
where run_id = %(run_id)s
returning state
