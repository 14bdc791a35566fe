-- Purpose: faults whose escalation has begun and is not over.
-- Parameters: run_id, prefix text. Returns: fault, in order. Locks: none. Version: 14 or later.
select fault
from fordway.trial
where run_id = %(run_id)s
and starts_with(fault, %(prefix)s)
order by fault
