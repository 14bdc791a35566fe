-- Purpose: batches of rows brought in by decisions, outside those that were cut.
-- Parameters: run_id text; table_number integer (null: of all tables). Returns: chunk rows with their origin, in order.
-- Locks: none. Version: 14 or later.
select
    table_number,
    chunk_number,
    target_table,
    rows_read,
    rows_written,
    (xid::text::numeric %% 4294967296)::bigint as xid,
    origin
from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and (%(table_number)s::integer is null or table_number = %(table_number)s::integer)
and origin is not null
and state = 'committed'
order by table_number, chunk_number
