-- Purpose: rows of a copy that are otherwise than before: more than there were, and less. Rows marked as deleted do not count.
-- Parameters: {kept}, {table} identifiers, {columns} identifiers; marked bigint[]. Returns: more, less bigint. Locks: none. Version: 14 or later.
with present as (
    select md5(row({columns})::text)::uuid as digest
    from {table} as standing
    where not (standing.xmin::text::bigint = any(%(marked)s::bigint[]))
),
more as (
    select digest
    from present
    except all
    select digest
    from {kept}
),
less as (
    select digest
    from {kept}
    except all
    select digest
    from present
)
select
    (
        select count(*)
        from more
    ) as more,
    (
        select count(*)
        from less
    ) as less
