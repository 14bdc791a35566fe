-- Purpose: how the last handoff of a task stands.
-- Parameters: run_id, task text. Returns: one row or none. Locks: none. Version: 14 or later.
select
    handoff_id::text as handoff_id,
    state,
    result,
    error
from fordway.handoff
where run_id = %(run_id)s
and task = %(task)s
order by offered_at desc
limit 1
