-- Purpose: a batch of its own for rows brought in by a decision; it has no range of keys. Its number stands far behind
--   those that are cut, which may still be cut anew.
-- Parameters: run_id, target_table text; table_number integer; origin jsonb; rows, epoch bigint; seconds double precision.
-- Returns: chunk_number. Locks: the new row. Version: 14 or later.
insert into fordway.chunk (
    run_id, pass, table_number, chunk_number, target_table, upto_key, first_row, last_row, state,
    rows_read, rows_written, epoch, xid, committed_at, seconds, origin
)
select
    %(run_id)s,
    'move',
    %(table_number)s,
    greatest(coalesce(max(chunk_number), 0), 1000000000) + 1,
    %(target_table)s,
    '[]',
    coalesce(max(last_row), 0) + 1,
    coalesce(max(last_row), 0) + greatest(%(rows)s, 1),
    'committed',
    %(rows)s,
    %(rows)s,
    %(epoch)s,
    pg_current_xact_id(),
    clock_timestamp(),
    %(seconds)s,
    %(origin)s
from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and table_number = %(table_number)s
returning chunk_number
