-- Purpose: what becomes of staged rows whose key is taken, and the target's row as it is before that.
--   A version this run wrote itself needs no image: undo removes it.
-- Parameters: {table} identifier, {joined} key comparison, {wins} condition, {values} texts;
--   run_id text, names text[], keeps_images boolean. Returns: nothing. Locks: none. Version: 14 or later.
with ours as materialized (
    select (xid::text::numeric %% 4294967296)::bigint as xid
    from fordway.chunk
    where run_id = %(run_id)s
    and pass = 'move'
    and state = 'committed'
    union all
    select (xid::text::numeric %% 4294967296)::bigint as xid
    from fordway.chunk_write
    where run_id = %(run_id)s
),
taken as materialized (
    select
        staged.ordinal,
        {wins} as wins,
        victim.xmin::text::bigint as xid,
        jsonb_object(%(names)s::text[], array[{values}]::text[]) as image
    from pg_temp.fordway_stage as staged
    join {table} as victim
        on {joined}
    where staged.reason is null
    and staged.became is null
)
update pg_temp.fordway_stage as staged
set
    became = case when taken.wins then 'updated' else 'kept_target' end,
    over_xid = case when taken.wins then taken.xid end,
    before = case
        when taken.wins and %(keeps_images)s and taken.xid not in (select xid from ours) then taken.image
    end
from taken
where taken.ordinal = staged.ordinal
