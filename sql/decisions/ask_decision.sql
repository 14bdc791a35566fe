-- Purpose: opens a question; a run has one open question at most.
-- Parameters: decision_id, run_id, kind, plan_digest text; body jsonb. Returns: nothing. Locks: the new row. Version: 14 or later.
insert into fordway.decision (decision_id, run_id, kind, body, plan_digest)
values (%(decision_id)s, %(run_id)s, %(kind)s, %(body)s, %(plan_digest)s)
on conflict (decision_id) do nothing
