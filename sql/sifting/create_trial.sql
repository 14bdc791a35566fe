-- Purpose: rows that are written one stretch after another, and taken back.
-- Parameters: {place}, {ordinal}, {columns} identifiers, {which} condition on typed. Returns: nothing. Locks: the new table.
--   Version: 14 or later.
create temporary table fordway_trial on commit drop as
select
    row_number() over (order by typed.{ordinal}) as {place},
    typed.{ordinal},
    {columns}
from pg_temp.fordway_typed as typed
where {which}
