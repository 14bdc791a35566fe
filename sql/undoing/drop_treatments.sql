-- Purpose: what was decided about batches that are still pending is not carried out; how taken keys are settled is,
--   where that holds for other batches.
-- Parameters: run_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.treatment as treatment
set state = 'dropped'
from fordway.chunk as waiting
where treatment.run_id = %(run_id)s
and treatment.state = 'armed'
and waiting.run_id = treatment.run_id
and waiting.pass = treatment.pass
and waiting.table_number = treatment.table_number
and waiting.chunk_number = treatment.chunk_number
and waiting.state = 'pending'
and not exists (
    select 1
    from fordway.plan_amendment as amended
    where amended.decision_id = treatment.decision_id
)
