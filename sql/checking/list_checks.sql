-- Purpose: chunks of a table that were found equal before.
-- Parameters: run_id text; table_number integer. Returns: chunk_number, xid, target_rows, verdict. Locks: none. Version: 14 or later.
select
    chunk_number,
    xid,
    target_rows,
    verdict
from fordway.chunk_check
where run_id = %(run_id)s
and table_number = %(table_number)s
order by chunk_number
