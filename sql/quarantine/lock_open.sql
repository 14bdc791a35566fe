-- Purpose: of these rows set aside, those that are still open, kept so until the transaction ends.
-- Parameters: run_id text; ids bigint[]. Returns: quarantine_id, in order. Locks: the rows. Version: 14 or later.
select quarantine_id
from fordway.quarantine
where run_id = %(run_id)s
and quarantine_id = any(%(ids)s::bigint[])
and state = 'open'
order by quarantine_id
for update
