-- Purpose: rows an earlier row of the batch is in the way of.
-- Parameters: {keyed}, {held} subqueries, {ordinal} identifier, {step}, {rank}, {kind}, {place}, {sqlstate} literals,
--   {shown} expression, {matches} condition. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, sqlstate)
select
    asked.fordway_row,
    {step},
    {rank},
    {kind},
    {place},
    {shown},
    {sqlstate}
from (
    {keyed}
) as asked
join pg_temp.fordway_alike as alike
    on alike.ordinal = asked.fordway_row
where not exists (
    select 1
    from pg_temp.fordway_rival as accepted
    where accepted.{ordinal} = asked.fordway_row
)
and exists (
    select 1
    from (
        {held}
    ) as held
    where {matches}
    and held.fordway_row < asked.fordway_row
)
