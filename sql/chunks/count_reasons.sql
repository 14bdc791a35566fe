-- Purpose: quarantined rows by table and reason.
-- Parameters: run_id, pass text. Returns: target_table, reason, rows. Locks: none. Version: 14 or later.
select
    target_table,
    reason,
    count(*) as rows
from fordway.quarantine
where run_id = %(run_id)s
and pass = %(pass)s
group by target_table, reason
order by target_table, reason
