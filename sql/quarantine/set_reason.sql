-- Purpose: a row set aside can't be written for another reason by now.
-- Parameters: run_id, kind, place, value, reason text; quarantine_id bigint. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.quarantine
set
    kind = %(kind)s,
    place = %(place)s,
    value = %(value)s,
    reason = %(reason)s
where run_id = %(run_id)s
and quarantine_id = %(quarantine_id)s
and state = 'open'
