-- Purpose: what became of the rows each plan overwrote, once they were put back or left. A row overwritten
--   several times counts once, for the plan that did it last.
-- Parameters: run_id text. Returns: table_number, images, restored, kept, gone bigint, kept_keys text[].
-- Locks: none. Version: 14 or later.
with images as (
    select distinct on (target_table, target_key)
        merged_id,
        table_number,
        target_key,
        undone
    from fordway.merged_row
    where run_id = %(run_id)s
    and pass = 'move'
    and before is not null
    order by target_table, target_key, merged_id desc
)
select
    table_number,
    count(*) as images,
    count(*) filter (where undone = 'restored') as restored,
    count(*) filter (where undone = 'kept') as kept,
    count(*) filter (where undone = 'gone') as gone,
    (array_agg(replace(target_key, chr(31), ', ') order by merged_id) filter (where undone = 'kept'))[1:10] as kept_keys
from images
group by table_number
