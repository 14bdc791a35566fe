-- Purpose: the first valid answer wins; an answer to another plan than the proposed one is none.
-- Parameters: decision_id, answer, who text.
-- Returns: run_id, kind, plan_digest when this answer counts. Locks: its row. Version: 14 or later.
update fordway.decision as decision
set
    state = 'answered',
    answer = %(answer)s,
    answered_by = %(who)s,
    answered_at = clock_timestamp()
from fordway.run as run
where decision.decision_id = %(decision_id)s
and decision.state = 'open'
and run.run_id = decision.run_id
and decision.plan_digest in ('', run.plan_digest)
returning
    decision.run_id,
    decision.kind,
    decision.plan_digest
