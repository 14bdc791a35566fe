-- Purpose: what was found so far.
-- Parameters: none. Returns: kind, place text. Locks: none. Version: 14 or later.
select distinct
    kind,
    place
from pg_temp.fordway_fault
order by place, kind
