-- Purpose: the part of the run that is being taken back, or was last.
-- Parameters: run_id text. Returns: one row or none. Locks: none. Version: 14 or later.
select
    part_id,
    phase,
    asked_by,
    finished_at is null as is_open,
    tables,
    removed,
    kept
from fordway.part_undo
where run_id = %(run_id)s
and not is_given_up
order by part_id desc
limit 1
