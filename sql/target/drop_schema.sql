-- Purpose: removes a scratch schema with everything Fordway put into it.
-- Parameters: {schema} identifier. Returns: nothing. Locks: all its tables, exclusively. Version: 14 or later.
drop schema if exists {schema} cascade
