-- Purpose: up to ten keys of rows one plan wrote, by its id map, that an undo leaves: changed by someone, or
--   still the run's and needed by someone; and how many there are. A row that was there and stayed is not among them.
--   The run stands in an expression where one id is sought: by statistics that do not know it yet, its whole map would be read.
-- Parameters: {key} text for people, {mapped} text as the id map holds it, {table} identifier, {goes} condition;
--   run_id, target_table, source_name, source_table text; xids, run_xids bigint[].
-- Returns: one text; staying bigint, the same in each. Locks: none. Version: 14 or later.
select
    {key},
    count(*) over () as staying
from {table} as victim
where (
    not (victim.xmin::text::bigint = any(%(run_xids)s::bigint[]))
    or (victim.xmin::text::bigint = any(%(xids)s::bigint[]) and not ({goes}))
)
and {mapped} in (
    select target_key
    from fordway.id_map
    where run_id = %(run_id)s
    and target_table = %(target_table)s
    and source_name = %(source_name)s
    and source_table = %(source_table)s
)
and not exists (
    select 1
    from fordway.merged_row as image
    where image.run_id = %(run_id)s
    and image.target_table = %(target_table)s
    and image.target_key = {mapped}
    and image.before is not null
)
and {mapped} not in (
    select merged.target_key
    from fordway.merged_row as merged
    where merged.run_id = %(run_id)s
    and merged.pass = 'move'
    and merged.target_table = %(target_table)s
    and merged.became = 'kept_target'
    group by merged.target_key
    having count(*) >= (
        select count(*)
        from fordway.id_map as known
        where known.run_id || '' = %(run_id)s
        and known.target_table = %(target_table)s
        and known.target_key = merged.target_key
    )
)
limit 10
