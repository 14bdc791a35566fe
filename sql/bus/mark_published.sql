-- Purpose: the wire has a copy; the message is still pending.
-- Parameters: message_ids uuid[]. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.message
set
    published_at = clock_timestamp(),
    attempts = attempts + 1
where message_id = any(%(message_ids)s)
and status = 'pending'
