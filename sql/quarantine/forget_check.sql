-- Purpose: what was found equal of this batch is so no more: rows came to it since.
-- Parameters: run_id text; table_number, chunk_number integer. Returns: nothing. Locks: the row. Version: 14 or later.
delete from fordway.chunk_check
where run_id = %(run_id)s
and table_number = %(table_number)s
and chunk_number = %(chunk_number)s
