-- Purpose: rows from the first on.
-- Parameters: none. Returns: a fragment. Locks: none. Version: 14 or later.
true
