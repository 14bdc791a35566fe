-- Purpose: one value of a key.
-- Parameters: {value} literal. Returns: a fragment. Locks: none. Version: 14 or later.
{value}::bigint
