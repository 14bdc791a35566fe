-- Purpose: remembers what was made, in the transaction that made it.
-- Parameters: run_id, kind text; object jsonb. Returns: number. Locks: the new row. Version: 14 or later.
insert into fordway.undo_action (run_id, number, kind, object)
select
    %(run_id)s,
    coalesce(max(number), 0) + 1,
    %(kind)s,
    %(object)s
from fordway.undo_action
where run_id = %(run_id)s
returning number
