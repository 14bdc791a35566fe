-- Purpose: rows the run overwrote are as they were before, unless somebody changed or deleted them since.
--   Of several images of one row only the newest can still be the run's.
-- Parameters: {table} identifier, {assignments}, {joined} key comparison; ids, run_xids bigint[].
-- Returns: nothing. Locks: the rows. Version: 14 or later.
with images as materialized (
    select distinct on (target_key)
        merged_id,
        target_key,
        before
    from fordway.merged_row
    where merged_id = any(%(ids)s::bigint[])
    order by target_key, merged_id desc
),
restored as (
    update {table} as victim
    set {assignments}
    from images
    where {joined}
    and victim.xmin::text::bigint = any(%(run_xids)s::bigint[])
    returning images.merged_id
),
standing as (
    select images.target_key
    from images
    join {table} as victim
        on {joined}
)
update fordway.merged_row as merged
set undone = case
    when merged.merged_id in (select restored.merged_id from restored) then 'restored'
    when merged.target_key in (select standing.target_key from standing) then 'kept'
    else 'gone'
end
where merged.merged_id = any(%(ids)s::bigint[])
and merged.undone is null
