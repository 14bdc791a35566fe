-- Purpose: the rows a batch has, and whether it was committed.
-- Parameters: run_id, pass text; table_number, chunk_number integer. Returns: one row. Locks: none. Version: 14 or later.
select
    after_key,
    upto_key,
    first_row,
    last_row,
    state
from fordway.chunk
where run_id = %(run_id)s
and pass = %(pass)s
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
