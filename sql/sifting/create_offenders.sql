-- Purpose: each row that can't be written, with its first fault.
-- Parameters: none. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_offender on commit drop as
select distinct on (fault.ordinal)
    fault.ordinal,
    staged.source_key,
    fault.kind,
    fault.place,
    fault.value,
    fault.raw,
    fault.note,
    fault.sqlstate,
    fault.link,
    fault.parent
from pg_temp.fordway_fault as fault
join pg_temp.fordway_sift as staged
    on staged.ordinal = fault.ordinal
order by fault.ordinal, fault.step, fault.rank
