-- Purpose: one key column of a target row and its staged row.
-- Parameters: {column}, {staged} identifiers. Returns: a fragment. Locks: none. Version: 14 or later.
victim.{column} = staged.{staged}
