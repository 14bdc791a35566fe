-- Purpose: when the run's plan was approved, without the plan, which may be large.
-- Parameters: run_id text. Returns: approved_at, null before. Locks: none. Version: 14 or later.
select approved_at
from fordway.run
where run_id = %(run_id)s
