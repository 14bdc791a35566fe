-- Purpose: values of another table's rows that match, as text; none, or more than one, is a fault.
-- Parameters: {column}, {wanted}, {table}, {match}, {get} identifiers, {type} type name, {step}, {rank}, {place}, {link}
--   literals, {live} condition. Returns: nothing. Locks: none. Version: 14 or later.
with asked as materialized (
    select
        staged.ordinal,
        staged.{wanted} as shown,
        staged.{wanted}::{type} as wanted
    from pg_temp.fordway_sift as staged
    where staged.{wanted} is not null
    and {live}
),
found as (
    select
        known.{match} as wanted,
        count(*) as rows,
        (array_agg(known.{get}))[1]::text as given
    from {table} as known
    where known.{match} in (
        select asked.wanted
        from asked
    )
    group by known.{match}
),
matched as materialized (
    select
        asked.ordinal,
        asked.shown,
        coalesce(found.rows, 0) as rows,
        found.given
    from asked
    left join found
        on found.wanted = asked.wanted
),
given as (
    update pg_temp.fordway_sift as staged
    set {column} = matched.given
    from matched
    where matched.ordinal = staged.ordinal
    and matched.rows = 1
)
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, note, sqlstate, link, parent)
select
    ordinal,
    {step},
    {rank},
    case when rows = 0 then 'no-parent' else 'ambiguous-parent' end,
    {place},
    shown,
    rows::text,
    case when rows = 0 then '23503' else '21000' end,
    {link},
    array[shown]
from matched
where rows <> 1
