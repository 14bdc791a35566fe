-- Purpose: canonical text of a date: days since 1970-01-01.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
case when isfinite({column}) then ({column} - date '1970-01-01')::text else {column}::text end
