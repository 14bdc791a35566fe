-- Purpose: some rows set aside, by their numbers.
-- Parameters: run_id text; ids bigint[]. Returns: quarantine rows in order. Locks: none. Version: 14 or later.
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
    kind,
    place,
    state,
    edits,
    note,
    decision_id,
    handled_by,
    handled_at,
    created_at
from fordway.quarantine
where run_id = %(run_id)s
and pass = 'move'
and quarantine_id = any(%(ids)s::bigint[])
order by quarantine_id
