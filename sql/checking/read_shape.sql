-- Purpose: what a table looks like now; whoever drops, adds, renames or retypes a column changes it, though no row.
-- Parameters: relation text, cast to regclass. Returns: one text. Locks: none. Version: 14 or later.
select
    class.oid::text || ':' || md5(string_agg(
        concat_ws(',', attribute.attrelid, attribute.attnum, attribute.attname, attribute.atttypid, attribute.atttypmod),
        ';' order by attribute.attrelid, attribute.attnum
    )) as shape
from pg_class as class
join pg_attribute as attribute
    on attribute.attnum > 0
    and not attribute.attisdropped
    and attribute.attrelid = any (array(
        select tree.relid::oid
        from pg_partition_tree(%(relation)s::regclass) as tree
        union
        select %(relation)s::regclass::oid
    ))
where class.oid = %(relation)s::regclass
group by class.oid
