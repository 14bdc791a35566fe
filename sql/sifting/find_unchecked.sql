-- Purpose: rows for which a check of the table does not hold.
-- Parameters: {ordinal}, {state}, {alias} identifiers, {step}, {rank}, {place} literals, {value}, {check} expressions.
-- Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, sqlstate)
select
    {ordinal},
    {step},
    {rank},
    'check',
    {place},
    {value},
    '23514'
from pg_temp.fordway_typed as {alias}
where {state} in (0, 3)
and not ({check})
