-- Purpose: the run that somebody is most likely to look after: one that waits, moves or rests, the newest first.
-- Parameters: none. Returns: run_id; one row or none. Locks: none. Version: 14 or later.
select run_id
from fordway.run
where state in ('waiting', 'running', 'undoing', 'new', 'paused')
and settings ->> 'drill_of' is null
order by
    state = 'paused',
    created_at desc,
    run_id
limit 1
