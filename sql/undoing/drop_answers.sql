-- Purpose: answers about batches that are still pending, and not carried out yet, are not carried out any more;
--   but for the answer that asked for just this, and one about taken keys that holds for other batches.
-- Parameters: run_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.decision as answered
set outcome = '{"state": "dropped"}'
where answered.run_id = %(run_id)s
and answered.kind = 'fault'
and answered.state = 'answered'
and answered.answer <> 'checkpoint'
and coalesce(answered.outcome ->> 'state', 'armed') = 'armed'
and not exists (
    select 1
    from fordway.plan_amendment as amended
    where amended.decision_id = answered.decision_id
)
and exists (
    select 1
    from fordway.chunk as waiting
    where waiting.run_id = answered.run_id
    and waiting.pass = 'move'
    and waiting.table_number = (answered.body #>> '{at,table_number}')::integer
    and waiting.chunk_number = (answered.body #>> '{at,chunk}')::integer
    and waiting.state = 'pending'
)
