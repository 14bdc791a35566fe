-- Purpose: rehearsed rows that name a parent neither rehearsed nor in the target.
-- Parameters: {child}, {rehearsed}, {standing} identifiers, {joined} and {present} conditions.
-- Returns: one bigint. Locks: none. Version: 14 or later.
select count(*)
from {child} as child
where {present}
and not exists (
    select 1
    from {rehearsed} as parent
    where {joined}
)
and not exists (
    select 1
    from {standing} as parent
    where {joined}
)
