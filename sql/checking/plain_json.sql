-- Purpose: plain text of a JSON value: jsonb's own rendering.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{column}::jsonb::text
