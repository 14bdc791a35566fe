-- Purpose: a rehearsal's ids are forgotten when it begins and when it ends.
-- Parameters: run_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.rehearsed_id
where run_id = %(run_id)s
