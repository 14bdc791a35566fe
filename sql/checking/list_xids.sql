-- Purpose: which transaction wrote which chunk; rows still carry it in xmin until someone changes them.
-- Parameters: run_id text, table_number integer. Returns: chunk_number, xid, rows_written. Locks: none. Version: 14 or later.
select
    chunk_number,
    xid::text::numeric as xid,
    rows_written,
    (pg_current_xact_id()::text::numeric - xid::text::numeric) < 2000000000 as is_recent
from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and table_number = %(table_number)s
and state = 'committed'
order by chunk_number
