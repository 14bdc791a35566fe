-- Purpose: keys of rows the run wrote, by its id map, that are not as it wrote them any more.
-- Parameters: {key} text for people, {mapped} text as the id map holds it, {table} identifier;
--   run_id, target_table text; xids bigint[]; most integer.
-- Returns: one text. Locks: none. Version: 14 or later.
select {key}
from {table} as victim
where not (victim.xmin::text::bigint = any(%(xids)s::bigint[]))
and {mapped} in (
    select target_key
    from fordway.id_map
    where run_id = %(run_id)s
    and target_table = %(target_table)s
)
and not exists (
    select 1
    from fordway.merged_row as merged
    where merged.run_id = %(run_id)s
    and merged.target_table = %(target_table)s
    and merged.target_key = {mapped}
    and (merged.became = 'kept_target' or merged.before is not null)
)
limit %(most)s
