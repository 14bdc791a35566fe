-- Purpose: the id a legacy key got.
-- Parameters: run_id, source_name, source_table, legacy_key text. Returns: target_table, target_key. Locks: none. Version: 14 or later.
select
    target_table,
    target_key
from fordway.id_map
where run_id = %(run_id)s
and source_name = %(source_name)s
and source_table = %(source_table)s
and legacy_key = %(legacy_key)s
