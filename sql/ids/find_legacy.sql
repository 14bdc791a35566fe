-- Purpose: the legacy keys behind an id; several where sources merged into one row. The run stands in an expression:
--   else, by statistics that do not know it yet, its whole map is read.
-- Parameters: run_id, target_table, target_key text. Returns: source_name, source_table, legacy_key, in order. Locks: none. Version: 14 or later.
select
    source_name,
    source_table,
    legacy_key
from fordway.id_map
where run_id || '' = %(run_id)s
and target_table = %(target_table)s
and target_key = %(target_key)s
order by source_name, source_table, legacy_key
