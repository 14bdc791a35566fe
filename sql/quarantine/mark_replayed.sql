-- Purpose: rows set aside are in the target now, in the transaction that wrote them.
-- Parameters: run_id, who text; ids bigint[]. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.quarantine
set
    state = 'replayed',
    handled_by = %(who)s,
    handled_at = clock_timestamp()
where run_id = %(run_id)s
and quarantine_id = any(%(ids)s::bigint[])
