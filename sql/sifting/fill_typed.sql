-- Purpose: the staged rows nothing was found wrong with, typed, with defaults and with what the table makes itself.
-- Parameters: {ordinal}, {state} identifiers, {columns}, {values} of them, {given} select items, {alias} identifier,
--   {live}, {within} conditions. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_typed ({ordinal}, {state}, {columns})
select
    {ordinal},
    0,
    {values}
from (
    select
        staged.ordinal as {ordinal},
        {given}
    from pg_temp.fordway_sift as staged
    where {live}
    and {within}
) as {alias}
