-- Purpose: how far the escalation of a fault has come.
-- Parameters: run_id, fault text. Returns: level, attempts, tried; one row or none. Locks: none. Version: 14 or later.
select
    level,
    attempts,
    tried
from fordway.trial
where run_id = %(run_id)s
and fault = %(fault)s
