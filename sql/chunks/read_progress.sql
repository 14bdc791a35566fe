-- Purpose: every table's progress in one pass, counted from its chunks.
-- Parameters: run_id, pass text. Returns: one row a table, in load order. Locks: none. Version: 14 or later.
select
    table_number,
    target_table,
    chunks,
    chunks_committed,
    rows_planned,
    rows_read,
    rows_written,
    rows_quarantined,
    rows_filtered,
    rows_merged,
    seconds
from fordway.table_progress
where run_id = %(run_id)s
and pass = %(pass)s
and (%(table_number)s::integer is null or table_number = %(table_number)s)
order by table_number
