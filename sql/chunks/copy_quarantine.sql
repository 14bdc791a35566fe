-- Purpose: sets rows aside in the chunk's transaction.
-- Parameters: COPY rows. Returns: nothing. Locks: the new rows. Version: 14 or later.
copy fordway.quarantine (
    run_id, pass, table_number, chunk_number, target_table, source_key, row_data, column_name, value, reason, error,
    kind, place, decision_id
)
from stdin
