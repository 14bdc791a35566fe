-- Purpose: legacy keys the id map does not know.
-- Parameters: {column}, {wanted} identifiers, {step}, {rank}, {place}, {link} literals, {live} condition.
-- Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, sqlstate, link, parent)
select
    staged.ordinal,
    {step},
    {rank},
    'no-parent',
    {place},
    staged.{wanted},
    '23503',
    {link},
    array[staged.{wanted}]
from pg_temp.fordway_sift as staged
where staged.{wanted} is not null
and staged.{column} is null
and {live}
