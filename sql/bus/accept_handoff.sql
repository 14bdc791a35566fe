-- Purpose: the receiver took the work up.
-- Parameters: handoff_id uuid. Returns: one row the first time. Locks: its row. Version: 14 or later.
update fordway.handoff
set
    state = 'accepted',
    accepted_at = clock_timestamp()
where handoff_id = %(handoff_id)s
and state = 'offered'
returning handoff_id
