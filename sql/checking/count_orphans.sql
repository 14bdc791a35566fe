-- Purpose: child rows without their parent.
-- Parameters: {child}, {parent} identifiers, {joined} and {present} conditions. Returns: one bigint. Locks: none. Version: 14 or later.
select count(*)
from {child} as child
where {present}
and not exists (
    select 1
    from {parent} as parent
    where {joined}
)
