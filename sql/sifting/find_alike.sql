-- Purpose: rows that have the same key as another one of the batch.
-- Parameters: {keyed} subquery, {names} identifiers. Returns: nothing. Locks: none. Version: 14 or later.
with keyed as materialized (
    {keyed}
)
insert into pg_temp.fordway_alike (ordinal)
select keyed.fordway_row
from keyed
where ({names}) in (
    select {names}
    from keyed as others
    group by {names}
    having count(*) > 1
)
