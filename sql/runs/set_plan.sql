-- Purpose: puts a sealed plan forward; an approval of another digest falls.
-- Parameters: run_id, digest text; plan jsonb; rows bigint.
-- Returns: nothing. Locks: the run's row. Version: 14 or later.
update fordway.run
set
    plan = %(plan)s,
    plan_digest = %(digest)s,
    rows_planned = %(rows)s,
    approved_digest = case when approved_digest = %(digest)s then approved_digest else '' end
where run_id = %(run_id)s
