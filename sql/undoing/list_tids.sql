-- Purpose: the run's rows in one stretch, when they have to be removed one by one.
-- Parameters: {table} identifier, {guards} conditions; first_tid, end_tid text (half open); xids, run_xids bigint[].
-- Returns: tid text. Locks: none. Version: 14 or later.
select victim.ctid::text as tid
from {table} as victim
where victim.ctid >= %(first_tid)s::tid
and victim.ctid < %(end_tid)s::tid
and victim.xmin::text::bigint = any(%(xids)s::bigint[])
and {guards}
