-- Purpose: a batch of rows that were brought in is forgotten, with all that hangs on it.
-- Parameters: run_id text; table_number, chunk_number integer. Returns: nothing. Locks: the rows. Version: 14 or later.
with unproven as (
    delete from fordway.chunk_check
    where run_id = %(run_id)s
    and table_number = %(table_number)s
    and chunk_number = %(chunk_number)s
)
delete from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
