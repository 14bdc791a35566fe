-- Purpose: approves exactly the plan that was shown.
-- Parameters: run_id, digest, who text.
-- Returns: one row when the shown digest is the proposed one. Locks: the run's row. Version: 14 or later.
update fordway.run
set
    approved_digest = %(digest)s,
    approved_by = %(who)s,
    approved_at = coalesce(case when approved_digest = %(digest)s then approved_at end, now())
where run_id = %(run_id)s
and plan_digest = %(digest)s
returning approved_at
