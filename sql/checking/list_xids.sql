-- Purpose: which transactions wrote which chunk; rows still carry theirs in xmin until someone changes them.
--   Rows replayed into a chunk count as its own; placeholders count beside it, for no source row is theirs. Rows that had
--   to stay when their batch was taken back are of no chunk.
--   In another cluster, or after two billion transactions, the number is another transaction's: then it is not recent.
-- Parameters: run_id, cluster text (empty: not known), table_number integer (null: of all tables).
-- Returns: table_number, chunk_number, xid, rows_written, kind (empty, replayed, placeholder, earlier), is_recent. Locks: none. Version: 14 or later.
select
    written.table_number,
    written.chunk_number,
    written.xid::text::numeric as xid,
    written.rows_written,
    written.kind,
    pg_current_xact_id()::text::numeric - written.xid::text::numeric between 0 and 2000000000
    and not exists (
        select 1
        from fordway.object_identity as identity
        where identity.run_id = %(run_id)s
        and identity.origin like '%%/%%/%%'
        and split_part(identity.origin, '/', 1) <> coalesce(nullif(%(cluster)s, ''), split_part(identity.origin, '/', 1))
    ) as is_recent
from (
    select
        table_number,
        chunk_number,
        xid,
        rows_written,
        '' as kind
    from fordway.chunk
    where run_id = %(run_id)s
    and pass = 'move'
    and (%(table_number)s::integer is null or table_number = %(table_number)s::integer)
    and state = 'committed'
    union all
    select
        table_number,
        chunk_number,
        xid,
        case when kind = 'placeholder' then rows else 0 end,
        kind
    from fordway.chunk_write
    where run_id = %(run_id)s
    and (%(table_number)s::integer is null or table_number = %(table_number)s::integer)
    union all
    select
        table_number,
        0 as chunk_number,
        xid,
        rows as rows_written,
        'earlier' as kind
    from fordway.earlier_write
    where run_id = %(run_id)s
    and (%(table_number)s::integer is null or table_number = %(table_number)s::integer)
) as written
order by written.table_number, written.chunk_number, written.kind, written.xid
