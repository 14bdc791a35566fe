-- Purpose: ids of the runs whose id begins so, newest first.
-- Parameters: prefix text, most integer. Returns: run_id.
-- Locks: none. Version: 14 or later.
select run_id
from fordway.run
where starts_with(run_id, %(prefix)s)
order by created_at desc, run_id
limit %(most)s
