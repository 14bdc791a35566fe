-- Purpose: a durable step ended without being done, with the sentence why.
-- Parameters: run_id, step_key, error text; seconds double precision. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.step
set
    state = 'failed',
    error = %(error)s,
    seconds = seconds + %(seconds)s,
    finished_at = clock_timestamp()
where run_id = %(run_id)s
and step_key = %(step_key)s
and state = 'running'
