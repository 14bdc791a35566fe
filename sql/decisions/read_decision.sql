-- Purpose: one question and what became of it.
-- Parameters: decision_id text. Returns: one row or none. Locks: none. Version: 14 or later.
select
    decision_id,
    run_id,
    body,
    evidence,
    deadline,
    handed_to,
    state,
    answer,
    answer_value,
    for_every,
    answered_by,
    answered_from,
    outcome
from fordway.decision
where decision_id = %(decision_id)s
