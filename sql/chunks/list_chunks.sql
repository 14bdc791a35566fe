-- Purpose: the chunks of one table that were cut, in key order, from after a number on.
-- Parameters: run_id, pass text; table_number, after_number, most integer.
-- Returns: chunk rows in order. Locks: none. Version: 14 or later.
select
    chunk_number,
    after_key,
    upto_key,
    first_row,
    last_row,
    state,
    rows_read,
    rows_written,
    rows_quarantined,
    rows_filtered,
    rows_merged,
    xid::text as xid
from fordway.chunk
where run_id = %(run_id)s
and pass = %(pass)s
and table_number = %(table_number)s
and chunk_number > %(after_number)s
and origin is null
order by chunk_number
limit %(most)s
