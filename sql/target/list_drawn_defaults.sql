-- Purpose: columns of a scratch table whose default draws from a real sequence.
-- Parameters: relation text (quoted, qualified). Returns: column_name. Locks: none. Version: 14 or later.
select attribute.attname::text as column_name
from pg_attribute as attribute
join pg_attrdef as value
    on value.adrelid = attribute.attrelid
    and value.adnum = attribute.attnum
where attribute.attrelid = %(relation)s::regclass
and attribute.attgenerated = ''
and pg_get_expr(value.adbin, value.adrelid) like '%%nextval(%%'
order by attribute.attnum
