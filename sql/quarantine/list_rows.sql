-- Purpose: rows set aside, oldest first.
-- Parameters: run_id, state, target_table, place, kind, reason text (null: any; as count_groups names them);
--   after_id bigint; most integer.
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
and (%(place)s::text is null or coalesce(nullif(place, ''), column_name) = %(place)s::text)
and (%(kind)s::text is null or kind = %(kind)s::text)
and (
    %(reason)s::text is null
    or case when kind = 'no-parent' then 'no parent is there' else reason end = %(reason)s::text
)
and quarantine_id > %(after_id)s
order by quarantine_id
limit %(most)s
