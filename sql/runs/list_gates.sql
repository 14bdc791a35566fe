-- Purpose: the run's gates.
-- Parameters: run_id text. Returns: gate, state, reason. Locks: none. Version: 14 or later.
select
    gate,
    state,
    reason
from fordway.gate
where run_id = %(run_id)s
order by gate
