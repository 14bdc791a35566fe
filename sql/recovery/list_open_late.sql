-- Purpose: late batches that were opened and not written yet, such as by a runner that was killed.
-- Parameters: run_id text. Returns: table_number, chunk_number, origin, in order. Locks: none. Version: 14 or later.
select
    table_number,
    chunk_number,
    origin
from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and origin is not null
and state = 'pending'
order by table_number, chunk_number
