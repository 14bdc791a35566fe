-- Purpose: who owns the run, and how fresh that is.
-- Parameters: run_id text. Returns: one row or none; is_held says whether the lease still runs.
-- Locks: none. Version: 14 or later.
select
    epoch,
    owner,
    host,
    pid,
    extract(epoch from clock_timestamp() - heartbeat_at)::double precision as age_seconds,
    expires_at > clock_timestamp() as is_held
from fordway.lease
where run_id = %(run_id)s
