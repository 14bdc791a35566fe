-- Purpose: one hash over the lines of the rows one of our transactions wrote, in the order they lie in.
-- Parameters: {line} text expression, {end} literal, {leaf} identifier, {first_tid}, {end_tid}, {xid} literals.
-- Returns: rows, bytes bigint; digest text (null without rows). Locks: none. Version: 14 or later (TID range scans).
select
    count(*) as rows,
    coalesce(sum(octet_length(lines.line)), 0)::bigint as bytes,
    md5(string_agg(lines.line, {end})) as digest
from (
    select {line} as line
    from only {leaf}
    where ctid >= {first_tid}::tid
    and ctid < {end_tid}::tid
    and xmin = {xid}::xid
    limit 9223372036854775807
) as lines
