-- Purpose: which source rows a late batch brings in; a row comes once, whoever asks for it.
-- Parameters: run_id, source_name, source_table text; table_number, chunk_number integer; keys jsonb, an array of source keys.
-- Returns: source_key of those that are new. Locks: the new rows. Version: 14 or later.
insert into fordway.late_row (run_id, table_number, chunk_number, source_name, source_table, source_key)
select
    %(run_id)s,
    %(table_number)s,
    %(chunk_number)s,
    %(source_name)s,
    %(source_table)s,
    wanted.source_key
from jsonb_array_elements(%(keys)s) as wanted (source_key)
on conflict do nothing
returning source_key
