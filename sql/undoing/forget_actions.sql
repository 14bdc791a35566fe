-- Purpose: what was made and is gone again will be made, and armed, anew.
-- Parameters: run_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.undo_action
where run_id = %(run_id)s
and state = 'done'
