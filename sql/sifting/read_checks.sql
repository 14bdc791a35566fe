-- Purpose: the checks of a target table that new rows must fulfil.
-- Parameters: relation text (quoted, qualified). Returns: name, columns text[], expression, by name. Locks: none.
--   Version: 14 or later.
select
    bound.conname::text as name,
    array(
        select attribute.attname::text
        from unnest(bound.conkey) with ordinality as part (number, place)
        join pg_attribute as attribute
            on attribute.attrelid = bound.conrelid
            and attribute.attnum = part.number
        order by part.place
    ) as columns,
    pg_get_expr(bound.conbin, bound.conrelid) as expression
from pg_constraint as bound
where bound.conrelid = %(relation)s::regclass
and bound.contype = 'c'
and coalesce((to_jsonb(bound) ->> 'conenforced')::boolean, true)
order by bound.conname
