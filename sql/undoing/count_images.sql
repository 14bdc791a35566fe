-- Purpose: what became of the rows each plan overwrote, once they were put back or left.
-- Parameters: run_id text. Returns: table_number, images, restored, kept bigint, kept_keys text[]. Locks: none. Version: 14 or later.
select
    table_number,
    count(*) as images,
    count(*) filter (where undone = 'restored') as restored,
    count(*) filter (where undone = 'kept') as kept,
    (array_agg(replace(target_key, chr(31), ', ') order by merged_id) filter (where undone = 'kept'))[1:10] as kept_keys
from fordway.merged_row
where run_id = %(run_id)s
and pass = 'move'
and before is not null
group by table_number
