-- Purpose: values a decision changed, in the transaction that wrote them.
-- Parameters: COPY rows. Returns: nothing. Locks: the new rows. Version: 14 or later.
copy fordway.amended_value (
    run_id, table_number, chunk_number, source_key, column_name, old_value, new_value, action, decision_id, changed_by
)
from stdin
