-- Purpose: of rows of the batch with the same key, all but the one the policy chooses step back.
-- Parameters: {ordinal}, {state} identifiers, {keys}, {moment} select items, {names} identifiers, {order} sort items.
-- Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_typed as typed
set {state} = 2
from (
    select
        given.ordinal,
        row_number() over (partition by {names} order by {order}) as nth
    from (
        select
            {ordinal} as ordinal,
            {moment} as fordway_moment,
            {keys}
        from pg_temp.fordway_typed
        where {state} = 0
    ) as given
) as ranked
where ranked.ordinal = typed.{ordinal}
and ranked.nth > 1
