-- Purpose: rows of a committed batch are written that were set aside; what was read stays accounted for.
-- Parameters: run_id text; table_number, chunk_number integer; rows bigint. Returns: one row. Locks: the chunk's row.
-- Version: 14 or later.
update fordway.chunk
set
    rows_written = rows_written + %(rows)s,
    rows_quarantined = rows_quarantined - %(rows)s
where run_id = %(run_id)s
and pass = 'move'
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
returning chunk_number
