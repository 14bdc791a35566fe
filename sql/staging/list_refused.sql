-- Purpose: the batch's rows that can't be written, and why.
-- Parameters: none. Returns: source_key jsonb, place, shown, reason text, in source order. Locks: none. Version: 14 or later.
select
    source_key,
    place,
    shown,
    reason
from pg_temp.fordway_stage
where reason is not null
order by ordinal
