-- Purpose: rows in which a required column is empty.
-- Parameters: {table}, {column} identifiers. Returns: one bigint. Locks: none. Version: 14 or later.
select count(*)
from {table}
where {column} is not distinct from null
