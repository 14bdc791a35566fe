-- Purpose: a message nobody can read is kept, with the reason.
-- Parameters: message_id uuid, error text. Returns: nothing. Locks: its row. Version: 14 or later.
update fordway.message
set
    status = 'failed',
    last_error = %(error)s
where message_id = %(message_id)s
and status = 'pending'
