-- Purpose: in a table that stood before the run, only rows of its id map are the run's.
-- Parameters: {key} text expression; run_id, target_table text. Returns: a fragment. Locks: none. Version: 14 or later.
{key} in (
    select target_key
    from fordway.id_map
    where run_id = %(run_id)s
    and target_table = %(target_table)s
)
