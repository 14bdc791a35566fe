-- Purpose: what the encoders refused.
-- Parameters: COPY rows in text form. Returns: nothing. Locks: none. Version: 14 or later.
copy pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, raw, note)
from stdin
