-- Purpose: a run's questions with what became of them, newest first.
-- Parameters: run_id text; most integer. Returns: decision rows. Locks: none. Version: 14 or later.
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
    outcome,
    asked_at,
    answered_at
from fordway.decision
where run_id = %(run_id)s
order by asked_at desc
limit %(most)s
