-- Purpose: proves inside a writing transaction that its runner still owns the run.
-- Parameters: run_id text, epoch bigint.
-- Returns: one row, or none when another runner took over.
-- Locks: the lease row FOR KEY SHARE: a takeover waits until this transaction ends. Version: 14 or later.
select epoch
from fordway.lease
where run_id = %(run_id)s
and epoch = %(epoch)s
for key share
