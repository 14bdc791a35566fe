-- Purpose: ids of one source table, each with how it is shown; empty: as it is.
-- Parameters: {columns} identifiers; COPY rows in text form. Returns: nothing. Locks: none. Version: 14 or later.
copy pg_temp.fordway_keys ({columns}, fordway_shown)
from stdin
