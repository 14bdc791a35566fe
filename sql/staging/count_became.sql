-- Purpose: what became of the batch's rows.
-- Parameters: none. Returns: written, updated, kept, superseded, open bigint. Locks: none. Version: 14 or later.
select
    count(*) filter (where became = 'written') as written,
    count(*) filter (where became = 'updated') as updated,
    count(*) filter (where became = 'kept_target') as kept,
    count(*) filter (where became = 'superseded') as superseded,
    count(*) filter (where became is null) as open
from pg_temp.fordway_stage
where reason is null
