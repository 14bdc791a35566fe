-- Purpose: rows that could not be written, of which nothing else is known.
-- Parameters: {place_column}, {ordinal}, {alias} identifiers, {step}, {kind}, {place}, {code}, {constraint}, {column},
--   {trigger}, {link} literals, {shown} expression, {texts} array. Returns: nothing. Locks: none. Version: 14 or later.
insert into pg_temp.fordway_fault (ordinal, step, rank, kind, place, value, note, sqlstate, link, parent)
select
    {alias}.{ordinal},
    {step},
    0,
    {kind},
    {place},
    {shown},
    refusal.message,
    refusal.code,
    {link},
    {texts}
from pg_temp.fordway_refusal as refusal
join pg_temp.fordway_trial as {alias}
    on {alias}.{place_column} = refusal.place
where refusal.code = {code}
and refusal.constraint_name is not distinct from {constraint}
and refusal.column_name is not distinct from {column}
and refusal.trigger_name is not distinct from {trigger}
and not exists (
    select 1
    from pg_temp.fordway_fault as fault
    where fault.ordinal = {alias}.{ordinal}
)
