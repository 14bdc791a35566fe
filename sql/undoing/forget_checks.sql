-- Purpose: what was proven of these tables is so no more.
-- Parameters: run_id text; numbers integer[]. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.chunk_check
where run_id = %(run_id)s
and table_number = any(%(numbers)s::integer[])
