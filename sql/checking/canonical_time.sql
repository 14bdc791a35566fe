-- Purpose: canonical text of a time of day: microseconds since midnight.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
(extract(epoch from {column}) * 1000000)::numeric(30, 0)::text
