-- Purpose: the batch's rows as text.
-- Parameters: {columns} identifiers; COPY rows in text form. Returns: nothing. Locks: none. Version: 14 or later.
copy pg_temp.fordway_sift (ordinal, source_key, legacy, {columns})
from stdin
