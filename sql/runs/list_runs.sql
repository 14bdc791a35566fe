-- Purpose: the latest runs for a list; rehearsals of an undo are none.
-- Parameters: most integer. Returns: run_id, is_demo boolean, newest first. Locks: none. Version: 14 or later.
select
    run_id,
    coalesce((settings ->> 'is_demo')::boolean, false) as is_demo
from fordway.run
where settings ->> 'drill_of' is null
order by created_at desc, run_id
limit %(most)s
