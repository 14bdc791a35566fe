-- Purpose: count and digest of the rows each of our transactions wrote, in one scan.
--   A row's digest is the md5 of its columns' canonical texts, each with its length in front;
--   rows add up as two signed 64-bit halves, so order does not matter and duplicates count.
-- Parameters: {table} identifier, {canonical} expression; xids bigint[].
-- Returns: xid bigint, rows bigint, high numeric, low numeric. Locks: none. Version: 14 or later.
select
    hashed.xid,
    count(*) as rows,
    sum(('x' || left(hashed.digest, 16))::bit(64)::bigint::numeric) as high,
    sum(('x' || right(hashed.digest, 16))::bit(64)::bigint::numeric) as low
from (
    select
        xmin::text::bigint as xid,
        md5({canonical}) as digest
    from {table}
    where xmin::text::bigint = any(%(xids)s::bigint[])
) as hashed
group by hashed.xid
