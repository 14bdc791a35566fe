-- Purpose: a message is sent the moment this row commits; Redis only carries a copy.
-- Parameters: as named; body and delivery_options jsonb; ttl integer seconds.
-- Returns: nothing. Locks: the new row. Version: 14 or later.
insert into fordway.message (
    message_id, run_id, from_agent, to_agent, message_type, version, priority, body, delivery_options, created_at, expires_at
)
values (
    %(message_id)s, %(run_id)s, %(from_agent)s, %(to_agent)s, %(message_type)s, %(version)s, %(priority)s,
    %(body)s, %(delivery_options)s, %(created_at)s, now() + make_interval(secs => %(ttl)s)
)
on conflict (message_id) do nothing
