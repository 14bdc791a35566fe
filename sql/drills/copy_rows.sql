-- Purpose: a table's rows as they were before the run: those it wrote stay behind, and those it overwrote come from their images.
-- Parameters: {table}, {model}, {columns} identifiers, {before} conditions; run_id, target_table text; xids bigint[].
-- Returns: nothing. Locks: none. Version: 14 or later.
insert into {table} ({columns})
overriding system value
select {columns}
from {model} as standing
where not (standing.xmin::text::bigint = any(%(xids)s::bigint[]))
and {before}
