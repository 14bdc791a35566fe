-- Purpose: which source rows were brought in beside their batches, in the transaction that wrote them.
-- Parameters: COPY rows. Returns: nothing. Locks: the new rows. Version: 14 or later.
copy fordway.late_row (run_id, table_number, chunk_number, source_name, source_table, source_key)
from stdin
