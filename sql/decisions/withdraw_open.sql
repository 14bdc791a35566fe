-- Purpose: closes the open question without an answer, because its ground is gone.
-- Parameters: run_id text. Returns: decision_id of what was withdrawn. Locks: its row. Version: 14 or later.
update fordway.decision
set state = 'withdrawn'
where run_id = %(run_id)s
and state = 'open'
returning decision_id
