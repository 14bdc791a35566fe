-- Purpose: the proposed plan and what was approved.
-- Parameters: run_id text. Returns: plan jsonb or null, plan_digest, approved_digest text, approved_at timestamptz.
-- Locks: none. Version: 14 or later.
select
    plan,
    plan_digest,
    approved_digest,
    approved_at
from fordway.run
where run_id = %(run_id)s
