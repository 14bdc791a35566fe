-- Purpose: commands of a runner that is gone must not reach its successor's agents.
-- Parameters: run_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.message
set
    status = 'expired',
    last_error = 'The runner that sent it is gone'
where run_id = %(run_id)s
and status = 'pending'
