-- Purpose: one run with its counted rows.
-- Parameters: run_id text. Returns: one row or none.
-- Locks: none. Version: 14 or later.
select
    run.run_id,
    run.title,
    run.playbook,
    run.state,
    run.step,
    run.reason,
    run.is_failed,
    run.target,
    run.plan_digest,
    run.approved_digest,
    run.created_at,
    run.finished_at,
    run.created_by,
    run.rows_planned,
    coalesce(moved.rows_written, 0)::bigint as rows_written,
    coalesce(held.rows_quarantined, 0)::bigint as rows_quarantined
from fordway.run as run
left join lateral (
    select sum(chunk.rows_written) as rows_written
    from fordway.chunk as chunk
    where chunk.run_id = run.run_id
    and chunk.pass = 'move'
) as moved on true
left join lateral (
    select count(*) as rows_quarantined
    from fordway.quarantine as quarantine
    where quarantine.run_id = run.run_id
    and quarantine.pass = 'move'
    and quarantine.state = 'open'
) as held on true
where run.run_id = %(run_id)s
