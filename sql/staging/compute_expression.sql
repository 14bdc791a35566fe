-- Purpose: a column the playbook gives as an expression over the source's columns.
-- Parameters: {column} identifier, {expression} the operator's own SQL, {type} type name, {inputs} select items.
-- Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_stage as staged
set {column} = computed.value
from (
    select
        source.fordway_ordinal,
        (
            {expression}
        )::{type} as value
    from (
        select {inputs}
        from pg_temp.fordway_stage
        where reason is null
    ) as source
) as computed
where computed.fordway_ordinal = staged.ordinal
