-- Purpose: overwritten rows that are still to be put back, newest first.
-- Parameters: run_id, target_table text; most integer. Returns: merged_id. Locks: none. Version: 14 or later.
select merged_id
from fordway.merged_row
where run_id = %(run_id)s
and pass = 'move'
and target_table = %(target_table)s
and before is not null
and undone is null
order by merged_id desc
limit %(most)s
