-- Purpose: the largest number in an identity column.
-- Parameters: {table}, {column} identifiers. Returns: one bigint or null. Locks: none. Version: 14 or later.
select max({column})::bigint
from {table}
