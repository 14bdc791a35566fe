-- Purpose: the table's rows, and how many of them are ours and untouched.
-- Parameters: {table} identifier; xids bigint[]. Returns: rows, ours bigint. Locks: none. Version: 14 or later.
select
    count(*) as rows,
    count(*) filter (where xmin::text::bigint = any(%(xids)s::bigint[])) as ours
from {table}
