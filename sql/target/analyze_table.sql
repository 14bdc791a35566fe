-- Purpose: statistics for the planner; not while somebody vacuums the table, who is no reason to hold a run up.
-- Parameters: {table} identifier. Returns: nothing. Locks: SHARE UPDATE EXCLUSIVE. Version: 14 or later.
analyze (skip_locked) {table}
