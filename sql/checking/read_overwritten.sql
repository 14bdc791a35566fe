-- Purpose: keys of rows one plan's batches wrote and a later batch of the run overwrote.
-- Parameters: {keys} select items, {canonical} expressions; run_id, target_table text; table_number integer.
-- Returns: chunk_number and one text a key column. Locks: none. Version: 14 or later.
select
    known.chunk_number,
    {canonical}
from (
    select distinct
        chunk.chunk_number,
        {keys}
    from fordway.merged_row as merged
    join fordway.chunk as chunk
        on chunk.run_id = merged.run_id
        and chunk.pass = 'move'
        and chunk.table_number = %(table_number)s
        and chunk.state = 'committed'
        and (chunk.xid::text::numeric %% 4294967296)::bigint = merged.over_xid
    where merged.run_id = %(run_id)s
    and merged.pass = 'move'
    and merged.target_table = %(target_table)s
    and merged.became = 'updated'
) as known
