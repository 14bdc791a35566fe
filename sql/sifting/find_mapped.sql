-- Purpose: legacy keys that would be recorded twice: a row before in the batch has the same, or the id map.
-- Parameters: {map} identifier, {run_id}, {source_name}, {source_table}, {step}, {place} literals, {live} condition.
-- Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, sqlstate)
select
    known.ordinal,
    {step},
    0,
    case when known.is_recorded then 'duplicate-other' else 'duplicate-inside' end,
    {place},
    known.legacy,
    '23505'
from (
    select
        staged.ordinal,
        staged.legacy,
        row_number() over (partition by staged.legacy order by staged.ordinal) as nth,
        exists (
            select 1
            from {map} as map
            where map.run_id = {run_id}
            and map.source_name = {source_name}
            and map.source_table = {source_table}
            and map.legacy_key = staged.legacy
        ) as is_recorded
    from pg_temp.fordway_sift as staged
    where staged.legacy is not null
    and {live}
) as known
where known.is_recorded
or known.nth > 1
