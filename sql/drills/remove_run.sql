-- Purpose: nothing of a rehearsal of the undo is left in the ledger.
-- Parameters: drill_id text. Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.run
where run_id = %(drill_id)s
and settings ->> 'drill_of' is not null
