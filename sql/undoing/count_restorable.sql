-- Purpose: rows the run overwrote, by what became of them since: as it left them, changed by someone, gone.
--   Of several images of one row only the newest can still be the run's.
-- Parameters: {table} identifier, {joined} key comparison; run_id, target_table text; run_xids bigint[].
-- Returns: table_number, restorable, changed, gone bigint, changed_keys text[]. Locks: none. Version: 14 or later.
with images as (
    select distinct on (target_key)
        merged_id,
        table_number,
        target_key
    from fordway.merged_row
    where run_id = %(run_id)s
    and pass = 'move'
    and target_table = %(target_table)s
    and before is not null
    and undone is null
    order by target_key, merged_id desc
),
found as (
    select
        images.merged_id,
        images.table_number,
        images.target_key,
        victim.xmin::text::bigint as xid
    from images
    left join {table} as victim
        on {joined}
)
select
    table_number,
    count(*) filter (where xid = any(%(run_xids)s::bigint[])) as restorable,
    count(*) filter (where not (xid = any(%(run_xids)s::bigint[]))) as changed,
    count(*) filter (where xid is null) as gone,
    (array_agg(replace(target_key, chr(31), ', ') order by merged_id)
        filter (where not (xid = any(%(run_xids)s::bigint[]))))[1:10] as changed_keys
from found
group by table_number
