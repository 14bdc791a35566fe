-- Purpose: rows whose parent should be a row of the same table and is neither there nor among the batch's rows that
--   can be written, nor are the parents of those.
-- Parameters: {keyed}, {held}, {above} subqueries, {step}, {rank}, {place}, {link} literals, {shown} expression,
--   {texts} array, {matches}, {is_above} conditions. Returns: nothing. Locks: none. Version: 14 or later.
with recursive waiting as materialized (
    select
        asked.fordway_row as child,
        above.fordway_row as parent,
        {shown} as shown,
        {texts} as texts
    from (
        {keyed}
    ) as asked
    left join (
        {above}
    ) as above
        on {is_above}
    where not exists (
        select 1
        from (
            {held}
        ) as held
        where {matches}
    )
),
lost as (
    select waiting.child
    from waiting
    where waiting.parent is null
    union
    select waiting.child
    from lost
    join waiting
        on waiting.parent = lost.child
)
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, sqlstate, link, parent)
select distinct on (waiting.child)
    waiting.child,
    {step},
    {rank},
    'no-parent',
    {place},
    waiting.shown,
    '23503',
    {link},
    waiting.texts
from waiting
join lost
    on lost.child = waiting.child
order by waiting.child
