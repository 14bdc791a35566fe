-- Purpose: keys of rows in the table that are not as the run wrote them.
-- Parameters: {key} text expression, {table} identifier; xids bigint[]; most integer. Returns: one text. Locks: none. Version: 14 or later.
select {key}
from {table} as victim
where not (victim.xmin::text::bigint = any(%(xids)s::bigint[]))
limit %(most)s
