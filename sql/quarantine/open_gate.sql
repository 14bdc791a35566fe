-- Purpose: a gate does not hold any more until it is looked at again; one that was never closed stays as it is.
-- Parameters: run_id, gate, reason text. Returns: gate where it was passed or failed. Locks: its row. Version: 14 or later.
update fordway.gate
set
    state = 'open',
    reason = %(reason)s,
    changed_at = now()
where run_id = %(run_id)s
and gate = %(gate)s
and state <> 'open'
returning gate
