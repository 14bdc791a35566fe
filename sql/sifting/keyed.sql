-- Purpose: the batch's rows by the keys of an index.
-- Parameters: {ordinal}, {state}, {alias} identifiers, {keys} select items, {predicate} condition. Returns: a subquery.
-- Locks: none. Version: 14 or later.
select
    {ordinal} as fordway_row,
    {state} as fordway_became,
    {keys}
from pg_temp.fordway_typed as {alias}
where {state} in (0, 3)
and ({predicate})
