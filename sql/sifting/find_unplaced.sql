-- Purpose: rows no partition takes.
-- Parameters: {ordinal}, {state}, {alias} identifiers, {step}, {place} literals, {bounds} conditions. Returns: nothing.
-- Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, sqlstate)
select
    {ordinal},
    {step},
    0,
    'no-partition',
    {place},
    '23514'
from pg_temp.fordway_typed as {alias}
where {state} in (0, 3)
and not coalesce({bounds}, false)
