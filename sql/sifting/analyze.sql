-- Purpose: the planner knows how large a table of the batch is.
-- Parameters: {table} identifier. Returns: nothing. Locks: none. Version: 14 or later.
analyze {table}
