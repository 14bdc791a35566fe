-- Purpose: makes one runner the owner; the epoch grows with every owner.
-- Parameters: run_id, owner, host, dead_owner text; pid integer; seconds double precision.
--   dead_owner is an owner the caller has proven dead on this host, or ''.
-- Returns: epoch when the lease was free, expired or its owner is dead; no row otherwise.
-- Locks: the lease row FOR UPDATE, so it waits for open chunks of the former owner. Version: 14 or later.
insert into fordway.lease as held (run_id, epoch, owner, host, pid, expires_at)
values (%(run_id)s, 1, %(owner)s, %(host)s, %(pid)s, clock_timestamp() + make_interval(secs => %(seconds)s))
on conflict (run_id) do update
set
    epoch = held.epoch + 1,
    owner = excluded.owner,
    host = excluded.host,
    pid = excluded.pid,
    heartbeat_at = clock_timestamp(),
    expires_at = clock_timestamp() + make_interval(secs => %(seconds)s)
where held.expires_at < clock_timestamp()
or held.owner = %(dead_owner)s
returning epoch
