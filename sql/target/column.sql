-- Purpose: one column of a table definition.
-- Parameters: {name} identifier, {type}, {collation}, {identity}, {default}, {required} clauses. Returns: a fragment. Locks: none. Version: 14 or later.
{name} {type}{collation}{identity}{default}{required}
