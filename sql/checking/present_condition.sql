-- Purpose: a key column that is filled.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
child.{column} is not null
