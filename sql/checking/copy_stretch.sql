-- Purpose: expressions over the rows one of our transactions wrote, in the order they lie in.
-- Parameters: {columns} expressions, {leaf} identifier, {first_tid}, {end_tid}, {xid}, {null} literals.
-- Returns: COPY text. Locks: none. Version: 14 or later (TID range scans).
copy (
    select {columns}
    from only {leaf}
    where ctid >= {first_tid}::tid
    and ctid < {end_tid}::tid
    and xmin = {xid}::xid
) to stdout (null {null})
