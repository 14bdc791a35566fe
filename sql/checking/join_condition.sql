-- Purpose: one column pair of a foreign key.
-- Parameters: {column}, {parent_column} identifiers. Returns: a fragment. Locks: none. Version: 14 or later.
child.{column} = parent.{parent_column}
