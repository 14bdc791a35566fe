-- Purpose: which of these source rows no late batch brings in yet.
-- Parameters: run_id, source_name, source_table text; table_number integer; keys jsonb, an array of source keys.
-- Returns: source_key, as they were given. Locks: none. Version: 14 or later.
select wanted.source_key
from jsonb_array_elements(%(keys)s) with ordinality as wanted (source_key, place)
where not exists (
    select 1
    from fordway.late_row
    where late_row.run_id = %(run_id)s
    and late_row.table_number = %(table_number)s
    and late_row.source_name = %(source_name)s
    and late_row.source_table = %(source_table)s
    and late_row.source_key = wanted.source_key
)
order by wanted.place
