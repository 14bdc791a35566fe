-- Purpose: rows set aside are given up: they stay in the ledger, and nobody waits for them any more.
-- Parameters: run_id, who, note text; ids bigint[]. Returns: quarantine_id, target_table of those that were open.
-- Locks: the rows. Version: 14 or later.
update fordway.quarantine
set
    state = 'discarded',
    note = %(note)s,
    handled_by = %(who)s,
    handled_at = clock_timestamp()
where run_id = %(run_id)s
and quarantine_id = any(%(ids)s::bigint[])
and state = 'open'
returning
    quarantine_id,
    target_table
