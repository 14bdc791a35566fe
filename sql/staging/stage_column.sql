-- Purpose: one column of the staging table.
-- Parameters: {name} identifier, {type} type name. Returns: a fragment. Locks: none. Version: 14 or later.
{name} {type}
