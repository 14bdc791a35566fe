-- Purpose: plain text of a boolean: 1 or 0, as SQLite prints it.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{column}::integer::text
