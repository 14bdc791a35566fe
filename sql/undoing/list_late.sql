-- Purpose: batches of rows that decisions brought in, or made as placeholders, for a batch that is still pending; the last first.
-- Parameters: run_id text. Returns: table_number, chunk_number, target_table, rows bigint, xids bigint[], is_recent. Locks: none. Version: 14 or later.
select
    late.table_number,
    late.chunk_number,
    late.target_table,
    late.rows_written + coalesce(further.rows, 0)::bigint as rows,
    array_append(coalesce(further.xids, '{}'), (late.xid::text::numeric %% 4294967296)::bigint) as xids,
    pg_current_xact_id()::text::numeric - late.xid::text::numeric between 0 and 2000000000 as is_recent
from fordway.chunk as late
join fordway.chunk as waiting
    on waiting.run_id = late.run_id
    and waiting.pass = 'move'
    and waiting.table_number = (late.origin ->> 'for_table')::integer
    and waiting.chunk_number = (late.origin ->> 'for_chunk')::integer
    and waiting.state = 'pending'
left join lateral (
    select
        sum(written.rows) filter (where written.kind = 'placeholder') as rows,
        array_agg((written.xid::text::numeric %% 4294967296)::bigint) as xids
    from fordway.chunk_write as written
    where written.run_id = late.run_id
    and written.table_number = late.table_number
    and written.chunk_number = late.chunk_number
) as further on true
where late.run_id = %(run_id)s
and late.pass = 'move'
and late.state = 'committed'
and late.origin is not null
order by late.committed_at desc, late.table_number desc, late.chunk_number desc
