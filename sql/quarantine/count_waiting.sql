-- Purpose: how many rows were set aside because the row with one of these keys is not there.
-- Parameters: run_id, target_table text; places, values text[]. Returns: value text, rows bigint. Locks: none.
-- Version: 14 or later.
select
    value,
    count(*) as rows
from fordway.quarantine
where run_id = %(run_id)s
and pass = 'move'
and state = 'open'
and target_table = %(target_table)s
and coalesce(nullif(place, ''), column_name) = any(%(places)s::text[])
and value = any(%(values)s::text[])
group by value
