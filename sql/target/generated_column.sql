-- Purpose: one column the target makes itself.
-- Parameters: {name} identifier, {type}, {expression}. Returns: a fragment. Locks: none. Version: 14 or later.
{name} {type} generated always as ({expression}) stored
