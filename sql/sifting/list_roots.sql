-- Purpose: indexes of a table's partitions, each with the table's own index it belongs to.
-- Parameters: relation text (quoted, qualified). Returns: name, root text. Locks: none. Version: 14 or later.
select
    named.relname::text as name,
    root.relname::text as root
from pg_partition_tree(%(relation)s::regclass) as tree
join pg_index as index
    on index.indrelid = tree.relid
join pg_class as named
    on named.oid = index.indexrelid
join pg_class as root
    on root.oid = pg_partition_root(index.indexrelid)
where named.relispartition
