-- Purpose: the receiver ended the work, well or not.
-- Parameters: handoff_id uuid, state text, result jsonb, error jsonb.
-- Returns: seconds from offer to close, the first time. Locks: its row. Version: 14 or later.
update fordway.handoff
set
    state = %(state)s,
    result = %(result)s,
    error = %(error)s,
    closed_at = clock_timestamp()
where handoff_id = %(handoff_id)s
and state in ('offered', 'accepted')
returning extract(epoch from closed_at - offered_at)::double precision as seconds
