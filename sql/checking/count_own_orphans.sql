-- Purpose: child rows these transactions wrote, and nobody changed since, without their parent.
-- Parameters: {table}, {parent} identifiers, {joined} and {present} conditions; xids bigint[]. Returns: one bigint.
-- Locks: none. Version: 14 or later.
select count(*)
from {table} as child
where child.xmin::text::bigint = any(%(xids)s::bigint[])
and {present}
and not exists (
    select 1
    from {parent} as parent
    where {joined}
)
