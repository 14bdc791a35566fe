-- Purpose: removes the rows of one batch that was brought in, where nobody changed or needs them.
-- Parameters: {table} identifier, {guards} conditions; xids, run_xids bigint[]. Returns: nothing. Locks: ROW EXCLUSIVE. Version: 14 or later.
delete from {table} as victim
where victim.xmin::text::bigint = any(%(xids)s::bigint[])
and {guards}
