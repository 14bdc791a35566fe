-- Purpose: a schema of ours.
-- Parameters: {schema} identifier. Returns: nothing. Locks: the catalog row. Version: 14 or later.
create schema if not exists {schema}
