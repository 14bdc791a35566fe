-- Purpose: the undo of these tables is over; another one begins at their first block.
-- Parameters: run_id text; numbers integer[]. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.undo_progress
where run_id = %(run_id)s
and table_number = any(%(numbers)s::integer[])
