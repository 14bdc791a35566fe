-- Purpose: how many rows an undo would remove: ours, untouched, and needed by nobody else.
-- Parameters: {table} identifier, {guards} conditions; xids, run_xids bigint[]. Returns: one bigint. Locks: none. Version: 14 or later.
select count(*) as removable
from {table} as victim
where victim.xmin::text::bigint = any(%(xids)s::bigint[])
and {guards}
