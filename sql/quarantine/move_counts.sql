-- Purpose: rows of a committed batch are written or merged that were set aside; what was read stays accounted for.
-- Parameters: run_id text; table_number, chunk_number integer; written, merged bigint. Returns: chunk_number.
-- Locks: the chunk's row. Version: 14 or later.
update fordway.chunk
set
    rows_written = rows_written + %(written)s,
    rows_merged = rows_merged + %(merged)s,
    rows_quarantined = rows_quarantined - %(written)s - %(merged)s
where run_id = %(run_id)s
and pass = 'move'
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
returning chunk_number
