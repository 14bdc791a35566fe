-- Purpose: the table is empty at once; every row in it was the run's, and it is locked.
-- Parameters: {table} identifier. Returns: nothing. Locks: ACCESS EXCLUSIVE. Version: 14 or later.
truncate table {table} continue identity restrict
