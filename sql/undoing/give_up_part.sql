-- Purpose: the whole run is taken back, and so the part that was under way.
-- Parameters: run_id text. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.part_undo
set
    finished_at = clock_timestamp(),
    is_given_up = true
where run_id = %(run_id)s
and finished_at is null
