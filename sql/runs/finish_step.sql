-- Purpose: a durable step is done; its output stands.
-- Parameters: run_id, step_key text; output jsonb; seconds double precision.
-- Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.step
set
    state = 'done',
    output = %(output)s,
    error = '',
    finished_at = clock_timestamp(),
    seconds = seconds + %(seconds)s
where run_id = %(run_id)s
and step_key = %(step_key)s
