-- Purpose: how many rows set aside were given up, by table.
-- Parameters: run_id text. Returns: table_number integer, rows bigint. Locks: none. Version: 14 or later.
select
    table_number,
    count(*) as rows
from fordway.quarantine
where run_id = %(run_id)s
and pass = 'move'
and state = 'discarded'
group by table_number
