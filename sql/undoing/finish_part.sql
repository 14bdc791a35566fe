-- Purpose: the part is taken back, in the transaction that forgets what the ledger had of it.
-- Parameters: run_id text; tables text[]; removed, kept bigint. Returns: part_id, when it was open until now. Locks: its row. Version: 14 or later.
update fordway.part_undo
set
    finished_at = clock_timestamp(),
    tables = %(tables)s,
    removed = %(removed)s,
    kept = %(kept)s
where run_id = %(run_id)s
and finished_at is null
returning part_id
