-- Purpose: a durable step begins, or begins again; a step that is done stays done.
-- Parameters: run_id, step_key, input_hash text.
-- Returns: attempt, or no row when the step is done already. Locks: its row. Version: 14 or later.
insert into fordway.step as kept (run_id, step_key, input_hash)
values (%(run_id)s, %(step_key)s, %(input_hash)s)
on conflict (run_id, step_key) do update
set
    state = 'running',
    attempt = kept.attempt + 1,
    input_hash = excluded.input_hash,
    error = '',
    output = null,
    finished_at = null,
    started_at = clock_timestamp()
where kept.state <> 'done'
or kept.input_hash <> excluded.input_hash
returning attempt
