-- Purpose: the last row of a table that its chunks cover; those brought in beside them cover none.
-- Parameters: run_id, pass text; table_number integer. Returns: last_row, null without chunks. Locks: none.
-- Version: 14 or later.
select max(last_row) as last_row
from fordway.chunk
where run_id = %(run_id)s
and pass = %(pass)s
and table_number = %(table_number)s
and origin is null
