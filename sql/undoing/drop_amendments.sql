-- Purpose: what was decided about taken keys because of a batch that is still pending holds no longer, unless a batch was
--   written by it: what became of that one's rows is compared, and taken back, by what was decided.
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
and not exists (
    select 1
    from fordway.chunk as written
    where written.run_id = amended.run_id
    and written.pass = 'move'
    and written.table_number = amended.table_number
    and written.state = 'committed'
    and written.committed_at >= amended.made_at
)
