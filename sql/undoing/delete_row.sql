-- Purpose: removes one of the run's rows.
-- Parameters: {table} identifier, {guards} conditions; tid text; xids, run_xids bigint[].
-- Returns: nothing. Locks: the row. Version: 14 or later.
delete from {table} as victim
where victim.ctid = %(tid)s::tid
and victim.xmin::text::bigint = any(%(xids)s::bigint[])
and {guards}
