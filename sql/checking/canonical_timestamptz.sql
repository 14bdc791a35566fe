-- Purpose: canonical text of a moment: microseconds since 1970-01-01 00:00 UTC. Near the type's end
--   extract() rounds to seconds, so the last years are put together from day and time.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
case
    when not isfinite({column}) then {column}::text
    when {column} < timestamptz '294000-01-01 00:00+00' then (extract(epoch from {column}) * 1000000)::numeric(30, 0)::text
    else (
        (
            (({column} at time zone 'UTC')::date - date '1970-01-01')::numeric * 86400
            + extract(epoch from ({column} at time zone 'UTC')::time)
        ) * 1000000
    )::numeric(30, 0)::text
end
