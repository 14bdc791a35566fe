-- Purpose: source rows of a table that were brought in beside their batches.
-- Parameters: run_id text; table_number integer; source_name, source_table text (null: of any).
-- Returns: chunk_number, source_name, source_table, source_key. Locks: none. Version: 14 or later.
select
    chunk_number,
    source_name,
    source_table,
    source_key
from fordway.late_row
where run_id = %(run_id)s
and table_number = %(table_number)s
and (%(source_name)s::text is null or source_name = %(source_name)s::text)
and (%(source_table)s::text is null or source_table = %(source_table)s::text)
order by chunk_number, source_key
