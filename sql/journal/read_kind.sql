-- Purpose: all events of one kind.
-- Parameters: run_id, kind text. Returns: number, at, body in order. Locks: none. Version: 14 or later.
select
    number,
    at,
    body
from fordway.event
where run_id = %(run_id)s
and kind = %(kind)s
order by number
