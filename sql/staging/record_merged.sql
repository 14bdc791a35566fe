-- Purpose: the ledger knows of every row that was merged, in the transaction that merged it.
-- Parameters: {key} text expression; run_id, pass, target_table text; table_number, chunk_number integer.
-- Returns: nothing. Locks: the new rows. Version: 14 or later.
insert into fordway.merged_row (
    run_id, pass, table_number, chunk_number, target_table, source_key, target_key, became, before, over_xid
)
select
    %(run_id)s,
    %(pass)s,
    %(table_number)s,
    %(chunk_number)s,
    %(target_table)s,
    source_key,
    {key},
    became,
    before,
    over_xid
from pg_temp.fordway_stage
where became in ('updated', 'kept_target', 'superseded')
order by ordinal
