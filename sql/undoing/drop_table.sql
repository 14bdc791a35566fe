-- Purpose: removes a table the run made; refused while something depends on it.
-- Parameters: {table} identifier. Returns: nothing. Locks: ACCESS EXCLUSIVE. Version: 14 or later.
drop table {table} restrict
