-- Purpose: the latest answer that is being carried out, of one option.
-- Parameters: run_id, option text. Returns: decision_id; one row or none. Locks: none. Version: 14 or later.
select decision_id
from fordway.decision
where run_id = %(run_id)s
and kind = 'fault'
and state = 'answered'
and answer = %(option)s
and coalesce(outcome ->> 'state', 'armed') = 'armed'
order by answered_at desc
limit 1
