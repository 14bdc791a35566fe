-- Purpose: whether the run overwrote rows of a table, by whatever policy, and whatever became of them since.
-- Parameters: run_id, target_table text. Returns: has_images, one row. Locks: none. Version: 14 or later.
select exists (
    select 1
    from fordway.merged_row
    where run_id = %(run_id)s
    and pass = 'move'
    and target_table = %(target_table)s
    and before is not null
) as has_images
