-- Purpose: a batch's treatments are carried out, or given up.
-- Parameters: run_id, state text; table_number, chunk_number integer. Returns: decision_id of each. Locks: the rows.
-- Version: 14 or later.
update fordway.treatment
set state = %(state)s
where run_id = %(run_id)s
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
and state = 'armed'
returning decision_id
