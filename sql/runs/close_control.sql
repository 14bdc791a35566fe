-- Purpose: a request was handled.
-- Parameters: request_id bigint. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.control
set handled_at = clock_timestamp()
where request_id = %(request_id)s
and handled_at is null
