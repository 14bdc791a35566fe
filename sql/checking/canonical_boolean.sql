-- Purpose: canonical text of a boolean.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{column}::text
