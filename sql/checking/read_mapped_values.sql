-- Purpose: what a lookup through the id map should give, by legacy key.
-- Parameters: {column} identifier, {type} type name, {canonical} expression; run_id, source_name, source_table,
--   after_key text; most integer. Returns: legacy_key, value text, in key order. Locks: none. Version: 14 or later.
select
    known.legacy_key,
    {canonical} as value
from (
    select
        legacy_key,
        target_key::{type} as {column}
    from fordway.id_map
    where run_id = %(run_id)s
    and source_name = %(source_name)s
    and source_table = %(source_table)s
    and (%(after_key)s::text is null or legacy_key > %(after_key)s::text)
    order by legacy_key
    limit %(most)s
) as known
order by known.legacy_key
