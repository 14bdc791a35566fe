-- Purpose: what was decided about offending rows of one table's batches, whether it was done by now or not; each once.
-- Parameters: run_id text; table_number integer. Returns: kind, place, action, value, in the order it was first said.
-- Locks: none. Version: 14 or later.
select
    kind,
    place,
    action,
    value
from fordway.treatment
where run_id = %(run_id)s
and table_number = %(table_number)s
and state <> 'dropped'
group by kind, place, action, value
order by min(armed_at), kind, place, action
