-- Purpose: the columns that images still to be put back have values of.
-- Parameters: run_id, target_table text. Returns: column_name. Locks: none. Version: 14 or later.
select jsonb_object_keys(newest.before) as column_name
from (
    select before
    from fordway.merged_row
    where run_id = %(run_id)s
    and pass = 'move'
    and target_table = %(target_table)s
    and before is not null
    and undone is null
    order by merged_id desc
    limit 1
) as newest
