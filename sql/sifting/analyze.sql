-- Purpose: the planner knows how large a table of the batch is; of its values it need know nothing.
-- Parameters: {table}, {column} identifiers. Returns: nothing. Locks: none. Version: 14 or later.
analyze {table} ({column})
