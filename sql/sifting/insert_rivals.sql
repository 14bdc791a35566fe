-- Purpose: one row after another, in source order, each where none before it is in its way.
-- Parameters: {ordinal}, {state} identifiers, {columns} identifiers. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_rival ({ordinal}, {state}, {columns})
select
    {ordinal},
    {state},
    {columns}
from pg_temp.fordway_typed
where {state} in (0, 3)
and {ordinal} in (
    select alike.ordinal
    from pg_temp.fordway_alike as alike
)
order by {ordinal}
on conflict do nothing
