-- Purpose: how one handoff stands.
-- Parameters: handoff_id uuid. Returns: one row or none. Locks: none. Version: 14 or later.
select
    state,
    result,
    error
from fordway.handoff
where handoff_id = %(handoff_id)s
