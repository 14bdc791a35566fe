-- Purpose: how many values decisions changed, by table, column and what was done.
-- Parameters: run_id text. Returns: table_number, column_name, action, changed_by, values bigint. Locks: none. Version: 14 or later.
select
    table_number,
    column_name,
    action,
    changed_by,
    count(*) as changed
from fordway.amended_value
where run_id = %(run_id)s
group by table_number, column_name, action, changed_by
order by table_number, column_name, action, changed_by
