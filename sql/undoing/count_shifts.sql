-- Purpose: rows of one plan that another overwrote, and that are the other's since.
--   A row with an image goes back to whoever had it; it was never the run's to count.
-- Parameters: run_id text. Returns: to_number, from_number integer, rows bigint. Locks: none. Version: 14 or later.
select
    merged.table_number as to_number,
    chunk.table_number as from_number,
    count(*) as rows
from fordway.merged_row as merged
join fordway.chunk as chunk
    on chunk.run_id = merged.run_id
    and chunk.pass = 'move'
    and chunk.state = 'committed'
    and (chunk.xid::text::numeric %% 4294967296)::bigint = merged.over_xid
where merged.run_id = %(run_id)s
and merged.pass = 'move'
and merged.became = 'updated'
and merged.before is null
and chunk.table_number <> merged.table_number
and not exists (
    select 1
    from fordway.merged_row as image
    where image.run_id = merged.run_id
    and image.target_table = merged.target_table
    and image.target_key = merged.target_key
    and image.before is not null
)
group by merged.table_number, chunk.table_number
