-- Purpose: takes an approval back because the world changed.
-- Parameters: run_id text. Returns: nothing. Locks: the run's row. Version: 14 or later.
update fordway.run
set approved_digest = ''
where run_id = %(run_id)s
