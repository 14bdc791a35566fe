-- Purpose: which transaction wrote which chunk; rows still carry it in xmin until someone changes them.
--   In another cluster, or after two billion transactions, the number is another transaction's: then it is not recent.
-- Parameters: run_id, cluster text (empty: not known), table_number integer (null: of all tables).
-- Returns: chunk_number, xid, rows_written, is_recent. Locks: none. Version: 14 or later.
select
    chunk_number,
    xid::text::numeric as xid,
    rows_written,
    pg_current_xact_id()::text::numeric - xid::text::numeric between 0 and 2000000000
    and not exists (
        select 1
        from fordway.object_identity as identity
        where identity.run_id = %(run_id)s
        and identity.origin like '%%/%%/%%'
        and split_part(identity.origin, '/', 1) <> coalesce(nullif(%(cluster)s, ''), split_part(identity.origin, '/', 1))
    ) as is_recent
from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and (%(table_number)s::integer is null or table_number = %(table_number)s::integer)
and state = 'committed'
order by table_number, chunk_number
