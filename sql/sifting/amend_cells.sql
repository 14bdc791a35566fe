-- Purpose: what a rule makes of values that do not fit, where the new value does; each value is changed once by a rule.
-- Parameters: {column}, {kind}, {place}, {remedy} literals, {given}, {old} expressions over fault, {fits}, {normal}
--   expressions over given.value. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_amended as amended (ordinal, column_name, old_value, new_value, remedy)
select distinct on (fault.ordinal)
    fault.ordinal,
    {column},
    {old},
    {normal},
    {remedy}
from pg_temp.fordway_fault as fault
cross join lateral (select {given} as value) as given
where fault.kind = {kind}
and fault.place = {place}
and {fits}
and not exists (
    select 1
    from pg_temp.fordway_amended as before
    where before.ordinal = fault.ordinal
    and before.column_name = {column}
    and before.remedy = {remedy}
)
order by fault.ordinal, fault.step, fault.rank
on conflict (ordinal, column_name) do update
set
    new_value = excluded.new_value,
    remedy = excluded.remedy
