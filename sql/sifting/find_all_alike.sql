-- Purpose: any row may overlap with another one.
-- Parameters: {ordinal}, {state} identifiers. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_alike (ordinal)
select typed.{ordinal}
from pg_temp.fordway_typed as typed
where typed.{state} in (0, 3)
