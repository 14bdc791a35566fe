-- Purpose: what the run made, newest first.
-- Parameters: run_id text. Returns: number, kind, object, state. Locks: none. Version: 14 or later.
select
    number,
    kind,
    object,
    state
from fordway.undo_action
where run_id = %(run_id)s
order by number desc
