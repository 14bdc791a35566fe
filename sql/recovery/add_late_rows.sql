-- Purpose: which source rows a late batch brings in; none of them is brought in by another one.
-- Parameters: run_id, source_name, source_table text; table_number, chunk_number integer; keys jsonb, an array of source keys.
-- Returns: nothing. Locks: the new rows. Version: 14 or later.
insert into fordway.late_row (run_id, table_number, chunk_number, source_name, source_table, source_key)
select
    %(run_id)s,
    %(table_number)s,
    %(chunk_number)s,
    %(source_name)s,
    %(source_table)s,
    wanted.source_key
from jsonb_array_elements(%(keys)s) as wanted (source_key)
