-- Purpose: numbers of the chunks still to move, in key order, from after a number on.
-- Parameters: run_id, pass text; table_number, after_number, most integer. Returns: chunk_number.
-- Locks: none. Version: 14 or later.
select chunk_number
from fordway.chunk
where run_id = %(run_id)s
and pass = %(pass)s
and table_number = %(table_number)s
and state = 'pending'
and origin is null
and chunk_number > %(after_number)s
order by chunk_number
limit %(most)s
