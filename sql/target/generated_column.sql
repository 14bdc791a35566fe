-- Purpose: one column the target makes itself.
-- Parameters: {name} identifier, {type}, {expression}, {kind} stored or virtual. Returns: a fragment. Locks: none. Version: 14 or later.
{name} {type} generated always as ({expression}) {kind}
