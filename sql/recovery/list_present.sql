-- Purpose: source rows of a table that were brought in beside their batches; those that are only to be are not there.
-- Parameters: run_id, source_name, source_table text; table_number integer. Returns: source_key. Locks: none.
-- Version: 14 or later.
select late_row.source_key
from fordway.late_row
join fordway.chunk as late
    on late.run_id = late_row.run_id
    and late.pass = late_row.pass
    and late.table_number = late_row.table_number
    and late.chunk_number = late_row.chunk_number
    and late.state = 'committed'
where late_row.run_id = %(run_id)s
and late_row.table_number = %(table_number)s
and late_row.source_name = %(source_name)s
and late_row.source_table = %(source_table)s
