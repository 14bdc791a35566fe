-- Purpose: what people asked and nobody has handled.
-- Parameters: run_id text. Returns: request_id, request, requested_by in order.
-- Locks: none. Version: 14 or later.
select
    request_id,
    request,
    requested_by
from fordway.control
where run_id = %(run_id)s
and handled_at is null
order by request_id
