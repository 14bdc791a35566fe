-- Purpose: nothing in a required column.
-- Parameters: {column} identifier, {step}, {rank}, {place} literals. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, sqlstate)
select
    staged.ordinal,
    {step},
    {rank},
    'empty',
    {place},
    '23502'
from pg_temp.fordway_sift as staged
where staged.{column} is null
and not exists (
    select 1
    from pg_temp.fordway_fault as fault
    where fault.ordinal = staged.ordinal
    and (fault.rank = {rank} or fault.step < {step})
)
