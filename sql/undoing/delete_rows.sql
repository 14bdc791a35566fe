-- Purpose: removes rows the run wrote and nobody touched since, in one stretch of the table.
--   xmin is the transaction that wrote a row's present version (manual, 5.5 "System Columns").
-- Parameters: {table} identifier, {guards} conditions; first_tid, end_tid text (half open); xids, run_xids bigint[].
-- Returns: nothing. Locks: ROW EXCLUSIVE. Version: 14 or later (TID range scans).
delete from {table} as victim
where victim.ctid >= %(first_tid)s::tid
and victim.ctid < %(end_tid)s::tid
and victim.xmin::text::bigint = any(%(xids)s::bigint[])
and {guards}
