-- Purpose: further transactions that wrote rows of a table's batches.
-- Parameters: run_id text; table_number integer (null: of all tables). Returns: table_number, chunk_number, xid, kind, rows.
-- Locks: none. Version: 14 or later.
select
    table_number,
    chunk_number,
    (xid::text::numeric %% 4294967296)::bigint as xid,
    kind,
    rows
from fordway.chunk_write
where run_id = %(run_id)s
and (%(table_number)s::integer is null or table_number = %(table_number)s::integer)
order by table_number, chunk_number, written_at
