-- Purpose: a chunk was found equal on both sides.
-- Parameters: run_id text; table_number, chunk_number integer; xid, target_rows bigint; verdict jsonb. Returns: nothing.
-- Locks: the row. Version: 14 or later.
insert into fordway.chunk_check (run_id, table_number, chunk_number, xid, target_rows, verdict)
values (%(run_id)s, %(table_number)s, %(chunk_number)s, %(xid)s, %(target_rows)s, %(verdict)s)
on conflict (run_id, table_number, chunk_number) do update
set
    xid = excluded.xid,
    target_rows = excluded.target_rows,
    verdict = excluded.verdict,
    checked_at = now()
