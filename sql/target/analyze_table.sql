-- Purpose: statistics for the planner.
-- Parameters: {table} identifier. Returns: nothing. Locks: SHARE UPDATE EXCLUSIVE. Version: 14 or later.
analyze {table}
