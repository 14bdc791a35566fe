-- Purpose: a row of the run that somebody changed since was not there before either; one that was there and stayed was.
--   The run stands in an expression: else, by statistics that do not know it yet, its whole map is read for each row.
-- Parameters: {key} text expression; run_id, target_table text. Returns: a fragment. Locks: none. Version: 14 or later.
not exists (
    select 1
    from fordway.id_map as known
    where known.run_id || '' = %(run_id)s
    and known.target_table = %(target_table)s
    and known.target_key = {key}
    having count(*) > (
        select count(*)
        from fordway.merged_row as merged
        where merged.run_id = %(run_id)s
        and merged.pass = 'move'
        and merged.target_table = %(target_table)s
        and merged.target_key = {key}
        and merged.became = 'kept_target'
    )
)
