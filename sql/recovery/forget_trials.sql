-- Purpose: a fault that is over may come again with all its attempts.
-- Parameters: run_id, prefix text (of the faults). Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.trial
where run_id = %(run_id)s
and starts_with(fault, %(prefix)s)
