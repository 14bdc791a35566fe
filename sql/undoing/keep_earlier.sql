-- Purpose: transactions whose rows had to stay remain known as the run's when its batches are forgotten; those of which
--   none stands any more do not.
-- Parameters: {table} identifier; run_id text; table_number integer; xids bigint[]. Returns: nothing. Locks: the rows. Version: 14 or later.
with standing as (
    select
        victim.xmin::text::bigint as xid,
        count(*) as rows
    from {table} as victim
    where victim.xmin::text::bigint = any(%(xids)s::bigint[])
    group by 1
),
gone as (
    delete from fordway.earlier_write as former
    where former.run_id = %(run_id)s
    and former.table_number = %(table_number)s
    and not exists (
        select 1
        from standing
        where standing.xid = (former.xid::text::numeric %% 4294967296)::bigint
    )
)
insert into fordway.earlier_write (run_id, table_number, xid, rows)
select
    %(run_id)s,
    %(table_number)s,
    written.xid,
    standing.rows
from standing
join (
    select xid
    from fordway.chunk
    where run_id = %(run_id)s
    and pass = 'move'
    and table_number = %(table_number)s
    and state = 'committed'
    union
    select xid
    from fordway.chunk_write
    where run_id = %(run_id)s
    and table_number = %(table_number)s
    union
    select xid
    from fordway.earlier_write
    where run_id = %(run_id)s
    and table_number = %(table_number)s
) as written
    on (written.xid::text::numeric %% 4294967296)::bigint = standing.xid
on conflict (run_id, table_number, xid) do update
set rows = excluded.rows
