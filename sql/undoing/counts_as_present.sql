-- Purpose: whether a committed batch left out a row because this batch had brought it in: what nobody would write again.
-- Parameters: run_id, source_name, source_table text (of the table's plan); table_number, chunk_number integer.
-- Returns: one row, or none. Locks: none. Version: 14 or later.
select 1
from fordway.late_row
join fordway.merged_row as present
    on present.run_id = late_row.run_id
    and present.pass = late_row.pass
    and present.table_number = late_row.table_number
    and present.source_key = late_row.source_key
    and present.became = 'kept_target'
    and present.target_key = ''
where late_row.run_id = %(run_id)s
and late_row.table_number = %(table_number)s
and late_row.chunk_number = %(chunk_number)s
and late_row.source_name = %(source_name)s
and late_row.source_table = %(source_table)s
limit 1
