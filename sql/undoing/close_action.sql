-- Purpose: one thing was taken back, or kept with the reason.
-- Parameters: run_id text, number integer, state text, note text. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.undo_action
set
    state = %(state)s,
    note = %(note)s,
    done_at = clock_timestamp()
where run_id = %(run_id)s
and number = %(number)s
and state = 'armed'
