-- Purpose: the columns of a table that hold values of their own, with their types.
-- Parameters: relation text (quoted, qualified). Returns: column_name, type_name text, can_change boolean, in table order.
-- Locks: none. Version: 14 or later.
select
    attname::text as column_name,
    format_type(atttypid, atttypmod) as type_name,
    attidentity <> 'a' as can_change
from pg_attribute
where attrelid = %(relation)s::regclass
and attnum > 0
and not attisdropped
and attgenerated = ''
order by attnum
