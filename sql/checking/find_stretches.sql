-- Purpose: where the rows of each of our transactions lie, by one scan; a partitioned table's in each leaf.
-- Parameters: {table} identifier; xids bigint[].
-- Returns: xid bigint, leaf_schema, leaf_table text, rows, first_block, last_block bigint.
-- Locks: none. Version: 14 or later (min and max of tid).
select
    found.xid::text::bigint as xid,
    namespace.nspname as leaf_schema,
    leaf.relname as leaf_table,
    found.rows,
    (found.first_tid::text::point)[0]::bigint as first_block,
    (found.last_tid::text::point)[0]::bigint as last_block
from (
    select
        tableoid,
        xmin as xid,
        count(*) as rows,
        min(ctid) as first_tid,
        max(ctid) as last_tid
    from {table}
    group by tableoid, xmin
) as found
join pg_class as leaf
    on leaf.oid = found.tableoid
join pg_namespace as namespace
    on namespace.oid = leaf.relnamespace
where found.xid::text::bigint = any(%(xids)s::bigint[])
order by xid, leaf_schema, leaf_table
