-- Purpose: one column of a table definition.
-- Parameters: {name} identifier, {type}, {identity}, {default}, {required} clauses. Returns: a fragment. Locks: none. Version: 14 or later.
{name} {type}{identity}{default}{required}
