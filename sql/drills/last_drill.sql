-- Purpose: the last rehearsal of a run's undo.
-- Parameters: run_id text. Returns: one row or none. Locks: none. Version: 14 or later.
select
    plan_digest,
    moved,
    removed,
    residual,
    words,
    seconds,
    finished_at
from fordway.drill
where run_id = %(run_id)s
order by drill_id desc
limit 1
