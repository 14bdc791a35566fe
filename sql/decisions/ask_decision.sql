-- Purpose: opens a question; a run has one open question at most. The deadline counts by the server's clock.
-- Parameters: decision_id, run_id, kind, plan_digest text; body, evidence jsonb; seconds double precision (null: no deadline).
-- Returns: deadline. Locks: the new row. Version: 14 or later.
insert into fordway.decision (decision_id, run_id, kind, body, plan_digest, evidence, deadline)
values (
    %(decision_id)s,
    %(run_id)s,
    %(kind)s,
    %(body)s,
    %(plan_digest)s,
    %(evidence)s,
    clock_timestamp() + make_interval(secs => %(seconds)s::double precision)
)
on conflict (decision_id) do update
set decision_id = excluded.decision_id
returning deadline
