-- Purpose: one column of a batch's typed rows.
-- Parameters: {name} identifier, {type} type name, {collation} fragment. Returns: a fragment. Locks: none. Version: 14 or later.
{name} {type}{collation}
