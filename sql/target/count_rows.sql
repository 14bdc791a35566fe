-- Purpose: how many rows a table has.
-- Parameters: {table} identifier. Returns: one bigint. Locks: none. Version: 14 or later.
select count(*)
from {table}
