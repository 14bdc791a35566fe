-- Purpose: rules made about batches that are still pending hold no longer; what they did stays done.
-- Parameters: run_id, who text. Returns: rule_id, words. Locks: the rows. Version: 14 or later.
update fordway.rule as rule
set
    revoked_by = %(who)s,
    revoked_at = clock_timestamp()
from fordway.decision as decision
join fordway.chunk as waiting
    on waiting.run_id = decision.run_id
    and waiting.pass = 'move'
    and waiting.table_number = (decision.body #>> '{at,table_number}')::integer
    and waiting.chunk_number = (decision.body #>> '{at,chunk}')::integer
    and waiting.state = 'pending'
where rule.run_id = %(run_id)s
and rule.revoked_at is null
and decision.decision_id = rule.decision_id
returning
    rule.rule_id,
    rule.words
