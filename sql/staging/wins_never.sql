-- Purpose: the target's row stays.
-- Parameters: none. Returns: a fragment. Locks: none. Version: 14 or later.
false
