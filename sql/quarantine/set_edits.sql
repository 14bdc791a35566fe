-- Purpose: a row set aside has new values for when it is replayed, or again those that were read.
-- Parameters: run_id, who text; quarantine_id bigint; edits jsonb (null: the value becomes NULL); as_read text[] (columns).
-- Returns: target_table when the row is open. Locks: its row. Version: 14 or later.
update fordway.quarantine
set
    edits = (edits || %(edits)s) - %(as_read)s::text[],
    handled_by = %(who)s,
    handled_at = clock_timestamp()
where run_id = %(run_id)s
and quarantine_id = %(quarantine_id)s
and state = 'open'
returning target_table
