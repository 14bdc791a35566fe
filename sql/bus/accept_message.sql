-- Purpose: the receiver takes a message in; a second delivery changes nothing.
-- Parameters: message_id uuid, role text.
-- Returns: one row the first time, none ever after or when it expired. Locks: its rows. Version: 14 or later.
with taken as (
    update fordway.message
    set
        status = 'delivered',
        delivered_at = clock_timestamp()
    where message_id = %(message_id)s
    and status = 'pending'
    and expires_at > clock_timestamp()
    returning message_id
)
insert into fordway.inbox (message_id, role)
select
    taken.message_id,
    %(role)s
from taken
on conflict (message_id, role) do nothing
returning message_id
