-- Purpose: marks one of the run's rows as deleted.
-- Parameters: {table}, {column} identifiers, {value} expression, {guards} conditions; tid text; xids, run_xids bigint[].
-- Returns: nothing. Locks: the row. Version: 14 or later.
update {table} as victim
set {column} = {value}
where victim.ctid = %(tid)s::tid
and victim.xmin::text::bigint = any(%(xids)s::bigint[])
and {guards}
