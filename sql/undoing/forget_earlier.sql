-- Purpose: transactions of batches that were taken back before are forgotten where none of their rows stands any more.
-- Parameters: run_id text; numbers integer[]. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.earlier_write
where run_id = %(run_id)s
and table_number = any(%(numbers)s::integer[])
