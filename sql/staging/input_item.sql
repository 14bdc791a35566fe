-- Purpose: one source column under a name an expression knows it by.
-- Parameters: {column}, {name} identifiers. Returns: a fragment. Locks: none. Version: 14 or later.
{column} as {name}
