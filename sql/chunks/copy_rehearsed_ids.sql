-- Purpose: legacy keys and ids of a rehearsal, so that later tables find them as they will in the move.
-- Parameters: COPY rows. Returns: nothing. Locks: the new rows. Version: 14 or later.
copy fordway.rehearsed_id (run_id, source_name, source_table, legacy_key, target_table, target_key)
from stdin
