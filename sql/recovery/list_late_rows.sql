-- Purpose: source rows of one batch that is, or is to be, brought in beside the others.
-- Parameters: run_id text; table_number, chunk_number integer. Returns: source_key, in order. Locks: none. Version: 14 or later.
select source_key
from fordway.late_row
where run_id = %(run_id)s
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
order by source_key
