-- Purpose: the durable steps of a run.
-- Parameters: run_id text. Returns: step_key, state, output, seconds. Locks: none. Version: 14 or later.
select
    step_key,
    state,
    input_hash,
    output,
    seconds
from fordway.step
where run_id = %(run_id)s
order by started_at
