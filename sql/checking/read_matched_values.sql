-- Purpose: what a lookup in another table should give, by the value that is matched; only where one row has it.
-- Parameters: {table}, {match}, {get}, {column} identifiers, {match_type}, {type} type names, {wanted}, {canonical}
--   expressions; after_key text; most integer. Returns: raw, wanted, value text, in key order. Locks: none. Version: 14 or later.
select
    known.raw,
    {wanted} as wanted,
    {canonical} as value
from (
    select
        {match}::text as raw,
        {match} as fordway_match,
        (array_agg({get}))[1]::{type} as {column}
    from {table}
    where {match} is not null
    and (%(after_key)s::text is null or {match} > %(after_key)s::{match_type})
    group by {match}
    having count(*) = 1
    order by {match}
    limit %(most)s
) as known
order by known.fordway_match
