-- Purpose: the checkpoint: counts, epoch and transaction id, in the transaction of the rows.
-- Parameters: as named. Returns: one row; none when the chunk was committed before.
-- Locks: the chunk's row. Version: 14 or later.
update fordway.chunk
set
    state = 'committed',
    rows_read = %(read)s,
    rows_written = %(written)s,
    rows_quarantined = %(quarantined)s,
    rows_filtered = %(filtered)s,
    rows_merged = %(merged)s,
    epoch = %(epoch)s,
    xid = pg_current_xact_id(),
    committed_at = clock_timestamp(),
    seconds = %(seconds)s
where run_id = %(run_id)s
and pass = %(pass)s
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
and state = 'pending'
returning chunk_number
