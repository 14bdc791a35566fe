-- Purpose: messages past their time are worthless; judged by this server's clock.
-- Parameters: run_id text. Returns: message_id, to_agent, message_type of each. Locks: the rows. Version: 14 or later.
update fordway.message
set status = 'expired'
where run_id = %(run_id)s
and status = 'pending'
and expires_at <= clock_timestamp()
returning
    message_id,
    to_agent,
    message_type
