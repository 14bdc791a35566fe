-- Purpose: what decisions changed about the plan's tables.
-- Parameters: run_id text. Returns: table_number, on_conflict, newest_by. Locks: none. Version: 14 or later.
select
    table_number,
    on_conflict,
    newest_by
from fordway.plan_amendment
where run_id = %(run_id)s
