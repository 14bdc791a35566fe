-- Purpose: requests made to a runner that is gone are not obeyed by its successor.
-- Parameters: run_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.control
set handled_at = clock_timestamp()
where run_id = %(run_id)s
and handled_at is null
