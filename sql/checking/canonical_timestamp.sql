-- Purpose: canonical text of a moment without zone: microseconds since 1970-01-01 00:00. Near the
--   type's end extract() rounds to seconds, so the last years are put together from day and time.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when not isfinite({column}) then {column}::text
    when {column} < timestamp '294000-01-01' then (extract(epoch from {column}) * 1000000)::numeric(30, 0)::text
    else (
        (({column}::date - date '1970-01-01')::numeric * 86400 + extract(epoch from {column}::time)) * 1000000
    )::numeric(30, 0)::text
end
