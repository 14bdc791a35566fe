-- Purpose: options that were chosen for a fault and could not be carried out.
-- Parameters: run_id, fault text. Returns: answer, each once. Locks: none. Version: 14 or later.
select distinct answer
from fordway.decision
where run_id = %(run_id)s
and kind = 'fault'
and outcome ->> 'state' = 'failed'
and evidence ->> 'key' = %(fault)s
order by answer
