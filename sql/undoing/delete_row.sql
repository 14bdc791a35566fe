-- Purpose: removes one of the run's rows.
-- Parameters: {table} identifier; tid text; xids bigint[]. Returns: nothing. Locks: the row. Version: 14 or later.
delete from {table}
where ctid = %(tid)s::tid
and xmin::text::bigint = any(%(xids)s::bigint[])
