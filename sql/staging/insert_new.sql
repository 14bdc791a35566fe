-- Purpose: the staged rows whose key is free; a rival's open insert of the same key is waited for.
-- Parameters: {table} identifier, {columns}, {staged}, {key}, {staged_key} identifiers, {joined} key comparison.
-- Returns: nothing. Locks: ROW EXCLUSIVE. Version: 14 or later.
with written as (
    insert into {table} ({columns})
    overriding system value
    select {staged}
    from pg_temp.fordway_stage
    where reason is null
    and became is null
    order by {staged_key}
    on conflict ({key}) do nothing
    returning {key}
)
update pg_temp.fordway_stage as staged
set became = 'written'
from written as victim
where {joined}
and staged.reason is null
and staged.became is null
