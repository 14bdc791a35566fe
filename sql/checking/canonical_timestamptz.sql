-- Purpose: canonical text of a moment: microseconds since 1970-01-01 00:00 UTC.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
case when isfinite({column}) then (extract(epoch from {column}) * 1000000)::numeric(30, 0)::text else {column}::text end
