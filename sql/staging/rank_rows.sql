-- Purpose: of rows of one batch with the same key, all but the one the policy chooses step back.
-- Parameters: {key} identifiers, {order} sort items. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_stage as staged
set became = 'superseded'
from (
    select
        ordinal,
        row_number() over (partition by {key} order by {order}) as rank
    from pg_temp.fordway_stage
    where reason is null
) as ranked
where ranked.ordinal = staged.ordinal
and ranked.rank > 1
