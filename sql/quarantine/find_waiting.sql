-- Purpose: rows set aside because the row with this key is not there.
-- Parameters: run_id, target_table, value text; places text[]. Returns: quarantine_id, target_table, in order. Locks: none.
-- Version: 14 or later.
select
    quarantine_id,
    target_table
from fordway.quarantine
where run_id = %(run_id)s
and pass = 'move'
and state = 'open'
and target_table = %(target_table)s
and coalesce(nullif(place, ''), column_name) = any(%(places)s::text[])
and value = %(value)s
order by quarantine_id
limit 1000
