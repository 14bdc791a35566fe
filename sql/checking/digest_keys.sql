-- Purpose: how many rows one of our transactions wrote within a range of keys, and one digest of their lines in
-- the order of the keys, whatever the order they lie in.
-- Parameters: {line} text expression, {end} literal (what stands between lines), {table} identifier, {key} columns,
-- {behind} condition, {upto} values, {xid} literal.
-- Returns: one row: rows, digest (null of no rows). Locks: none. Version: 14 or later.
-- The LIMIT keeps the rows in the order of the inner query.
select
    count(*) as rows,
    md5(string_agg(lines.line, {end})) as digest
from (
    select {line} as line
    from {table}
    where {behind}
    and ({key}) <= ({upto})
    and xmin = {xid}::xid
    order by {key}
    limit 9223372036854775807
) as lines
