-- Purpose: NULL in a required column, also in one the plan does not fill.
-- Parameters: {ordinal}, {state} identifiers, {step} literal, {which} case of columns, {any} condition. Returns: nothing.
-- Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, sqlstate)
select
    typed.{ordinal},
    {step},
    0,
    'empty',
    {which},
    '23502'
from pg_temp.fordway_typed as typed
where typed.{state} in (0, 3)
and ({any})
