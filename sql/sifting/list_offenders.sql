-- Purpose: the rows that can't be written, in source order.
-- Parameters: none. Returns: one row each; long values are cut. Locks: none. Version: 14 or later.
select
    ordinal,
    source_key,
    kind,
    place,
    left(coalesce(value, raw), 2000) as value,
    left(note, 300) as note,
    sqlstate,
    link,
    parent
from pg_temp.fordway_offender
order by ordinal
