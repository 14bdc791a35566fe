-- Purpose: rows whose foreign key names no row of the parent.
-- Parameters: {keyed}, {held} subqueries, {step}, {rank}, {place}, {link} literals, {shown} expression, {texts} array,
--   {matches} condition. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, sqlstate, link, parent)
select
    asked.fordway_row,
    {step},
    {rank},
    'no-parent',
    {place},
    {shown},
    '23503',
    {link},
    {texts}
from (
    {keyed}
) as asked
where not exists (
    select 1
    from (
        {held}
    ) as held
    where {matches}
)
