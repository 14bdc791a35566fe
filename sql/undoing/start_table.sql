-- Purpose: where the undo of a table stands; starts it the first time.
-- Parameters: run_id text, table_number integer. Returns: one row. Locks: its row. Version: 14 or later.
insert into fordway.undo_progress as kept (run_id, table_number)
values (%(run_id)s, %(table_number)s)
on conflict (run_id, table_number) do update
set table_number = excluded.table_number
returning
    kept.next_block,
    kept.rows_removed,
    kept.rows_kept,
    kept.is_done
