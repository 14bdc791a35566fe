-- Purpose: an open question is handed to somebody; whoever answers first still wins.
-- Parameters: decision_id, handed_to, who text. Returns: run_id when it was open and not handed on before. Locks: its row.
-- Version: 14 or later.
update fordway.decision
set
    handed_to = %(handed_to)s,
    handed_by = %(who)s,
    handed_at = clock_timestamp()
where decision_id = %(decision_id)s
and state = 'open'
and handed_to is null
returning run_id
