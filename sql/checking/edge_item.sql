-- Purpose: the legacy key of one end of a link.
-- Parameters: {map}, {name} identifiers. Returns: a fragment. Locks: none. Version: 14 or later.
{map}.legacy_key as {name}
