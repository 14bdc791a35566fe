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
    coalesce(moved.rows_brought, 0)::bigint as rows_brought,
    coalesce(held.rows_quarantined, 0)::bigint as rows_quarantined,
    coalesce(held.rows_given_up, 0)::bigint as rows_given_up
from fordway.run as run
left join lateral (
    select
        sum(chunk.rows_written) as rows_written,
        sum(chunk.rows_written) filter (where chunk.origin is not null) as rows_brought
    from fordway.chunk as chunk
    where chunk.run_id = run.run_id
    and chunk.pass = 'move'
) as moved on true
left join lateral (
    select
        count(*) filter (where quarantine.state = 'open') as rows_quarantined,
        count(*) filter (where quarantine.state = 'discarded') as rows_given_up
    from fordway.quarantine as quarantine
    where quarantine.run_id = run.run_id
    and quarantine.pass = 'move'
) as held on true
where run.run_id = %(run_id)s
