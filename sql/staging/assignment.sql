-- Purpose: one column of an update.
-- Parameters: {column}, {staged} identifiers. Returns: a fragment. Locks: none. Version: 14 or later.
{column} = staged.{staged}
