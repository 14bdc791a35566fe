-- Purpose: what was decided about taken keys because of a batch that is still pending holds no longer.
-- Parameters: run_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.plan_amendment as amended
using fordway.decision as decision
join fordway.chunk as waiting
    on waiting.run_id = decision.run_id
    and waiting.pass = 'move'
    and waiting.table_number = (decision.body #>> '{at,table_number}')::integer
    and waiting.chunk_number = (decision.body #>> '{at,chunk}')::integer
    and waiting.state = 'pending'
where amended.run_id = %(run_id)s
and decision.decision_id = amended.decision_id
