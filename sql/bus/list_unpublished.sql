-- Purpose: messages the wire has not seen, or lost; most urgent first.
-- Parameters: run_id text; stale_seconds double precision; most integer.
-- Returns: message rows. Locks: none. Version: 14 or later.
select
    message_id,
    from_agent,
    to_agent,
    message_type,
    version,
    priority,
    body,
    delivery_options,
    created_at,
    extract(epoch from expires_at - created_at)::integer as ttl
from fordway.message
where run_id = %(run_id)s
and status = 'pending'
and (published_at is null or published_at < clock_timestamp() - make_interval(secs => %(stale_seconds)s))
order by priority desc, created_at
limit %(most)s
