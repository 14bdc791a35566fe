-- Purpose: the first valid answer wins; an answer to another plan than the proposed one, or one that comes too late, is none.
-- Parameters: decision_id, answer, value, who, from_where text; for_every boolean.
-- Returns: run_id, kind, plan_digest when this answer counts. Locks: its row. Version: 14 or later.
update fordway.decision as decision
set
    state = 'answered',
    answer = %(answer)s,
    answer_value = %(value)s,
    for_every = %(for_every)s,
    answered_by = %(who)s,
    answered_from = %(from_where)s,
    answered_at = clock_timestamp()
from fordway.run as run
where decision.decision_id = %(decision_id)s
and decision.state = 'open'
and (decision.deadline is null or decision.deadline > clock_timestamp())
and run.run_id = decision.run_id
and decision.plan_digest in ('', run.plan_digest)
returning
    decision.run_id,
    decision.kind,
    decision.plan_digest
