-- Purpose: no gate of the run holds any more, because rows were taken back.
-- Parameters: run_id, reason text. Returns: gate, of those that were passed or failed. Locks: their rows. Version: 14 or later.
update fordway.gate
set
    state = 'open',
    reason = %(reason)s,
    changed_at = now()
where run_id = %(run_id)s
and state <> 'open'
returning gate
