-- Purpose: a batch into the staging table.
-- Parameters: {columns} identifiers; COPY rows in text form. Returns: nothing. Locks: none. Version: 14 or later.
copy pg_temp.fordway_stage (ordinal, source_key, legacy, {columns})
from stdin
