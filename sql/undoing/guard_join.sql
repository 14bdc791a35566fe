-- Purpose: one column pair of a foreign key to the row that is to go.
-- Parameters: {column}, {parent_column} identifiers. Returns: a fragment. Locks: none. Version: 14 or later.
child.{column} = victim.{parent_column}
