-- Purpose: rows set aside, oldest first.
-- Parameters: run_id text; after_id bigint; most integer. Returns: quarantine rows. Locks: none. Version: 14 or later.
select
    quarantine_id,
    table_number,
    chunk_number,
    target_table,
    source_key,
    row_data,
    column_name,
    value,
    reason,
    error,
    state
from fordway.quarantine
where run_id = %(run_id)s
and pass = 'move'
and quarantine_id > %(after_id)s
order by quarantine_id
limit %(most)s
