-- Purpose: sums of two hashes over the lines of the rows one of our transactions wrote, whatever their order.
--   The limit keeps the line from being made twice.
-- Parameters: {line} text expression, {one}, {two} seeds, {leaf} identifier, {first_tid}, {end_tid}, {xid} literals.
-- Returns: rows bigint; one, two numeric. Locks: none. Version: 14 or later (TID range scans).
select
    count(*) as rows,
    coalesce(sum(hashtextextended(lines.line collate "C", {one})), 0) as one,
    coalesce(sum(hashtextextended(lines.line collate "C", {two})), 0) as two
from (
    select {line} as line
    from only {leaf}
    where ctid >= {first_tid}::tid
    and ctid < {end_tid}::tid
    and xmin = {xid}::xid
    limit 9223372036854775807
) as lines
