-- Purpose: the undo's checkpoint, in the transaction of the rows it removed.
-- Parameters: run_id text; table_number integer; next_block, removed bigint. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.undo_progress
set
    next_block = %(next_block)s,
    rows_removed = rows_removed + %(removed)s
where run_id = %(run_id)s
and table_number = %(table_number)s
