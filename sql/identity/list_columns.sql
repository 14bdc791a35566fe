-- Purpose: what a table's columns are called.
-- Parameters: relation text (quoted, qualified). Returns: column_name, in table order. Locks: none. Version: 14 or later.
select attname::text as column_name
from pg_attribute
where attrelid = %(relation)s::regclass
and attnum > 0
and not attisdropped
order by attnum
