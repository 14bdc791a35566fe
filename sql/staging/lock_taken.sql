-- Purpose: the target's rows whose key staged rows want; nobody changes them before we judged and wrote.
--   A statement of its own: the next one sees what those waited for have committed.
-- Parameters: {table} identifier, {joined} key comparison, {staged_key} identifiers. Returns: one bigint.
-- Locks: the target's rows. Version: 14 or later.
select count(*) as locked
from (
    select victim.ctid
    from pg_temp.fordway_stage as staged
    join {table} as victim
        on {joined}
    where staged.reason is null
    and staged.became is null
    order by {staged_key}
    for update of victim
) as taken
