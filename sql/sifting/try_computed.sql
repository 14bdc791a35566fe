-- Purpose: an expression is computed for some rows, and the values are thrown away.
-- Parameters: {computed} subquery. Returns: one bigint. Locks: none. Version: 14 or later.
perform count(computed.value)
from (
    {computed}
) as computed
