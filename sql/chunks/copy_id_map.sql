-- Purpose: remembers legacy key and new id in the chunk's transaction.
-- Parameters: COPY rows. Returns: nothing. Locks: the new rows. Version: 14 or later.
copy fordway.id_map (run_id, source_name, source_table, legacy_key, target_table, target_key)
from stdin
