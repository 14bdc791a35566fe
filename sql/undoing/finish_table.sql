-- Purpose: a table's undo is done.
-- Parameters: run_id text; table_number integer; kept bigint. Returns: rows_removed. Locks: its row. Version: 14 or later.
update fordway.undo_progress
set
    is_done = true,
    rows_kept = %(kept)s
where run_id = %(run_id)s
and table_number = %(table_number)s
returning rows_removed
