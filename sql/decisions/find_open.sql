-- Purpose: the run's open question.
-- Parameters: run_id text. Returns: one row or none. Locks: none. Version: 14 or later.
select
    decision_id,
    body,
    deadline,
    handed_to
from fordway.decision
where run_id = %(run_id)s
and state = 'open'
