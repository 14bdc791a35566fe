-- Purpose: what was decided about taken keys of these tables is asked anew when they move again.
-- Parameters: run_id text; numbers integer[]. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.plan_amendment
where run_id = %(run_id)s
and table_number = any(%(numbers)s::integer[])
