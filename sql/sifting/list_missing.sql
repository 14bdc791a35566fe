-- Purpose: the parents that are not there, each once.
-- Parameters: none. Returns: link integer, parent text[], rows bigint, in source order. Locks: none. Version: 14 or later.
select
    link,
    parent,
    count(*) as rows
from pg_temp.fordway_offender
where kind = 'no-parent'
and link is not null
group by link, parent
order by link, min(ordinal)
