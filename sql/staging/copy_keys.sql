-- Purpose: ids of one source table.
-- Parameters: {columns} identifiers; COPY rows in text form. Returns: nothing. Locks: none. Version: 14 or later.
copy pg_temp.fordway_keys ({columns})
from stdin
