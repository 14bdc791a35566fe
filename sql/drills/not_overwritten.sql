-- Purpose: a row the run overwrote comes from its image.
-- Parameters: {key} text expression; run_id, target_table text. Returns: a fragment. Locks: none. Version: 14 or later.
not exists (
    select 1
    from fordway.merged_row as image
    where image.run_id = %(run_id)s
    and image.pass = 'move'
    and image.target_table = %(target_table)s
    and image.target_key = {key}
    and image.before is not null
)
