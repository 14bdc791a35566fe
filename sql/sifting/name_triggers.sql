-- Purpose: which trigger an error comes from, by its function in the error's context.
-- Parameters: {names}, {functions} text arrays. Returns: nothing. Locks: none. Version: 14 or later.
update pg_temp.fordway_refusal as refusal
set trigger_name = known.name
from (
    select distinct on (given.context)
        given.context,
        trigger.name
    from (
        select distinct context
        from pg_temp.fordway_refusal
    ) as given
    join unnest({names}::text[], {functions}::text[]) with ordinality as trigger (name, code, place)
        on strpos(given.context, ' ' || trigger.code || '() ') > 0
        or strpos(given.context, '.' || trigger.code || '() ') > 0
        or strpos(given.context, '"' || trigger.code || '"') > 0
    order by given.context, trigger.place
) as known
where known.context = refusal.context
