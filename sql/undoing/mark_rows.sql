-- Purpose: marks rows the run wrote and nobody touched since as deleted, in one stretch of the table.
-- Parameters: {table}, {column} identifiers, {value} expression, {guards} conditions; first_tid, end_tid text (half open);
--   xids, run_xids bigint[]. Returns: nothing. Locks: the rows. Version: 14 or later (TID range scans).
update {table} as victim
set {column} = {value}
where victim.ctid >= %(first_tid)s::tid
and victim.ctid < %(end_tid)s::tid
and victim.xmin::text::bigint = any(%(xids)s::bigint[])
and {guards}
