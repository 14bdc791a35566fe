-- Purpose: a row goes only if no stranger's row would go, or change, with it.
-- Parameters: {child} identifier, {joined} key comparison; run_xids bigint[]. Returns: a fragment. Locks: none. Version: 14 or later.
not exists (
    select 1
    from {child} as child
    where {joined}
    and not (child.xmin::text::bigint = any(%(run_xids)s::bigint[]))
)
