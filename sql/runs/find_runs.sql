-- Purpose: ids of the runs whose id begins so, newest first; rehearsals of an undo are none.
-- Parameters: prefix text, most integer. Returns: run_id.
-- Locks: none. Version: 14 or later.
select run_id
from fordway.run
where starts_with(run_id, %(prefix)s)
and settings ->> 'drill_of' is null
order by created_at desc, run_id
limit %(most)s
