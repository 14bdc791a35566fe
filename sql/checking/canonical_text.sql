-- Purpose: canonical text of a text: itself.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{column}::text
