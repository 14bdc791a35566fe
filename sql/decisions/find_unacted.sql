-- Purpose: the latest answer about a fault of which nothing is known to have come: nobody began to carry it out, or whoever did
--   has not come to its end. Carried out again, it changes nothing twice.
-- Parameters: run_id text. Returns: decision_id; one row or none. Locks: none. Version: 14 or later.
select decision_id
from fordway.decision
where run_id = %(run_id)s
and kind = 'fault'
and state = 'answered'
and outcome is null
order by answered_at desc
limit 1
