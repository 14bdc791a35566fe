-- Purpose: the last row in source order comes first.
-- Parameters: none. Returns: a fragment. Locks: none. Version: 14 or later.
ordinal desc
