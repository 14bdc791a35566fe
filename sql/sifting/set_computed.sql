-- Purpose: the batch has the values of an expression.
-- Parameters: {column} identifier, {computed} subquery. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_sift as staged
set {column} = computed.value
from (
    {computed}
) as computed
where computed.fordway_ordinal = staged.ordinal
