-- Purpose: nothing of these tables has moved: their batches go, and with them what was set aside, merged, changed or decided in them.
-- Parameters: run_id text; numbers integer[]. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and table_number = any(%(numbers)s::integer[])
