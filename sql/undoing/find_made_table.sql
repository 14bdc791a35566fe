-- Purpose: whether a run made a table and has not dropped it.
-- Parameters: run_id, schema, table text. Returns: one row when it did. Locks: none. Version: 14 or later.
select number
from fordway.undo_action
where run_id = %(run_id)s
and kind = 'create_table'
and state = 'armed'
and object @> jsonb_build_object('schema', %(schema)s::text, 'table', %(table)s::text)
