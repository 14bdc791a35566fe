-- Purpose: this transaction marked rows as deleted: they are neither the run's to mark again, nor somebody else's.
-- Parameters: run_id text; table_number integer; rows bigint. Returns: nothing. Locks: the row. Version: 14 or later.
insert into fordway.marked_write as kept (run_id, table_number, rows)
values (%(run_id)s, %(table_number)s, %(rows)s)
on conflict (run_id, table_number, xid) do update
set rows = kept.rows + excluded.rows
