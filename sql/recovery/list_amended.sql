-- Purpose: values decisions changed in one table, batch by batch.
-- Parameters: run_id text; table_number integer; chunk_number integer (null: of all). Returns: chunk_number, source_key,
--   column_name, old_value, new_value, action, changed_by. Locks: none. Version: 14 or later.
select
    chunk_number,
    source_key,
    column_name,
    old_value,
    new_value,
    action,
    changed_by
from fordway.amended_value
where run_id = %(run_id)s
and table_number = %(table_number)s
and (%(chunk_number)s::integer is null or chunk_number = %(chunk_number)s::integer)
order by chunk_number, source_key, column_name
