-- Purpose: forgets steps whose result no longer holds, before they are done anew.
-- Parameters: run_id text, keys text[]. Returns: nothing. Locks: their rows. Version: 14 or later.
delete from fordway.step
where run_id = %(run_id)s
and step_key = any(%(keys)s)
