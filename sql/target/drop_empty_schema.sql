-- Purpose: removes a schema the run made, unless someone uses it.
-- Parameters: {schema} identifier. Returns: nothing. Locks: the schema. Version: 14 or later.
drop schema if exists {schema} restrict
