-- Purpose: rows whose key the target holds already.
-- Parameters: {keyed}, {held} subqueries, {step}, {rank}, {kind}, {place}, {sqlstate} literals, {shown} expression,
--   {matches}, {is_other} conditions. Returns: nothing. Locks: none. Version: 14 or later.
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
where exists (
    select 1
    from (
        {held}
    ) as held
    where {matches}
    and {is_other}
)
