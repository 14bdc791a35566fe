-- Purpose: canonical text of a UUID: lower-case hex with dashes.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{column}::text
