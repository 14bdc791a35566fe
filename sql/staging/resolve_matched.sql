-- Purpose: values of another table's rows that match; none, or more than one, gets the row set aside.
-- Parameters: {column}, {wanted}, {table}, {match}, {get} identifiers; place, reason text.
-- Returns: nothing. Locks: none. Version: 14 or later.
with found as (
    select
        known.{match} as wanted,
        count(*) as rows,
        (array_agg(known.{get}))[1] as given
    from {table} as known
    where known.{match} in (
        select asking.{wanted}
        from pg_temp.fordway_stage as asking
        where asking.reason is null
    )
    group by known.{match}
)
update pg_temp.fordway_stage as staged
set
    {column} = found.given,
    place = case when coalesce(found.rows, 0) <> 1 then %(place)s end,
    shown = case when coalesce(found.rows, 0) <> 1 then asked.{wanted}::text end,
    reason = case
        when found.rows is null then 'no row' || %(reason)s || asked.{wanted}::text
        when found.rows > 1 then found.rows::text || ' rows' || %(reason)s || asked.{wanted}::text
    end
from pg_temp.fordway_stage as asked
left join found
    on found.wanted = asked.{wanted}
where asked.ordinal = staged.ordinal
and asked.{wanted} is not null
and staged.reason is null
