-- Purpose: transactions in which the undo of a run marked rows as deleted.
-- Parameters: run_id text. Returns: xid bigint. Locks: none. Version: 14 or later.
select distinct (xid::text::numeric %% 4294967296)::bigint as xid
from fordway.marked_write
where run_id = %(run_id)s
