-- Purpose: what becomes of rows whose key the target holds, by the policy.
-- Parameters: {state}, {table} identifiers, {matches}, {wins} conditions over victim and staged. Returns: nothing.
-- Locks: none. Version: 14 or later.
update pg_temp.fordway_typed as staged
set {state} = case when {wins} then 3 else 2 end
from {table} as victim
where {matches}
and staged.{state} = 0
