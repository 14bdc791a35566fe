-- Purpose: the moment rows marked as deleted get: when the undo of their table began, for all of them the same.
-- Parameters: run_id text; table_number integer. Returns: a fragment. Locks: none. Version: 14 or later.
(
    select progress.started_at
    from fordway.undo_progress as progress
    where progress.run_id = %(run_id)s
    and progress.table_number = %(table_number)s
)
