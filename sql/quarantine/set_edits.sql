-- Purpose: a row set aside has new values for when it is replayed; null takes an edit back.
-- Parameters: run_id text; quarantine_id bigint; edits jsonb. Returns: target_table when the row is open. Locks: its row.
-- Version: 14 or later.
update fordway.quarantine
set edits = edits || %(edits)s
where run_id = %(run_id)s
and quarantine_id = %(quarantine_id)s
and state = 'open'
returning target_table
