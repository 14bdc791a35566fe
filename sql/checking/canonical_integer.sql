-- Purpose: canonical text of a whole number: its decimal digits.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{column}::text
