-- Purpose: the journal after a number.
-- Parameters: run_id text, number bigint, most integer. Returns: number, at, body in order.
-- Locks: none. Version: 14 or later.
select
    number,
    at,
    body
from fordway.event
where run_id = %(run_id)s
and number > %(number)s
order by number
limit %(most)s
