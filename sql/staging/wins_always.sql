-- Purpose: the source's row stays.
-- Parameters: none. Returns: a fragment. Locks: none. Version: 14 or later.
true
