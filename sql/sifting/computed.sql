-- Purpose: an expression of the playbook over the batch's rows, as the batch's own transaction computes it.
-- Parameters: {expression} the operator's own SQL, {type} type name, {inputs} select items, {live} condition.
-- Returns: fordway_ordinal bigint, value text; a subquery. Locks: none. Version: 14 or later.
select
    source.fordway_ordinal,
    (
        (
            {expression}
        )::{type}
    )::text as value
from (
    select {inputs}
    from pg_temp.fordway_sift as staged
    where {live}
) as source
