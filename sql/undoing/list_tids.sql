-- Purpose: the run's rows in one stretch, when they have to be removed one by one.
-- Parameters: {table} identifier; first_tid, end_tid text (half open); xids bigint[].
-- Returns: tid text. Locks: none. Version: 14 or later.
select ctid::text as tid
from {table}
where ctid >= %(first_tid)s::tid
and ctid < %(end_tid)s::tid
and xmin::text::bigint = any(%(xids)s::bigint[])
