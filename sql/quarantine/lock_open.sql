-- Purpose: of these rows set aside, those that are still open, kept so until the transaction ends, with the values they were
--   given by now and by whom.
-- Parameters: run_id text; ids bigint[]. Returns: quarantine_id, edits, handled_by, in order. Locks: the rows.
-- Version: 14 or later.
select
    quarantine_id,
    edits,
    handled_by
from fordway.quarantine
where run_id = %(run_id)s
and quarantine_id = any(%(ids)s::bigint[])
and state = 'open'
order by quarantine_id
for update
