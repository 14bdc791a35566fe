-- Purpose: this transaction wrote rows of a batch that is committed already, or placeholders.
-- Parameters: run_id, kind, decision_id text; table_number, chunk_number integer; rows bigint. Returns: nothing.
-- Locks: the new row. Version: 14 or later.
insert into fordway.chunk_write as kept (run_id, table_number, chunk_number, xid, kind, rows, decision_id)
values (
    %(run_id)s, %(table_number)s, %(chunk_number)s, pg_current_xact_id(), %(kind)s, %(rows)s, %(decision_id)s
)
on conflict (run_id, pass, table_number, chunk_number, xid) do update
set rows = kept.rows + excluded.rows
