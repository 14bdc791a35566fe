-- Purpose: rows set aside, oldest first.
-- Parameters: run_id, state (null: any), target_table (null: any) text; after_id bigint; most integer.
-- Returns: quarantine rows. Locks: none. Version: 14 or later.
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
and (%(state)s::text is null or state = %(state)s::text)
and (%(target_table)s::text is null or target_table = %(target_table)s::text)
and quarantine_id > %(after_id)s
order by quarantine_id
limit %(most)s
