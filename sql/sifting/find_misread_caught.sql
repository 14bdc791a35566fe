-- Purpose: values that are none of their column's type, where the server can only be asked by trying.
-- Parameters: {column}, {reader} identifiers, {step}, {rank}, {place} literals, {kind} expression. Returns: nothing.
-- Locks: none. Version: 14 or later.
with judged as materialized (
    select
        staged.ordinal,
        staged.{column} as raw,
        {reader}(staged.{column}) as told
    from pg_temp.fordway_sift as staged
    where staged.{column} is not null
)
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, raw, note, sqlstate)
select
    ordinal,
    {step},
    {rank},
    {kind},
    {place},
    raw,
    told[2],
    told[1]
from judged
where told is not null
