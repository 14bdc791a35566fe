-- Purpose: number of a run's newest journal entry.
-- Parameters: run_id text. Returns: one row or none. Locks: none. Version: 14 or later.
select last_number
from fordway.journal_head
where run_id = %(run_id)s
