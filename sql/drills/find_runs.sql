-- Purpose: rehearsals of a run's undo that are under way, or were when they were killed.
-- Parameters: run_id text. Returns: drill_id. Locks: none. Version: 14 or later.
select run_id as drill_id
from fordway.run
where settings ->> 'drill_of' = %(run_id)s
order by created_at
