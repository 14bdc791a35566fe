-- Purpose: the partitions that hold a partitioned table's rows.
-- Parameters: relation text (quoted, qualified). Returns: leaf_schema, leaf_table; none for an ordinary table.
-- Locks: none. Version: 14 or later.
select
    namespace.nspname as leaf_schema,
    leaf.relname as leaf_table
from pg_partition_tree(%(relation)s::regclass) as tree
join pg_class as leaf
    on leaf.oid = tree.relid
join pg_namespace as namespace
    on namespace.oid = leaf.relnamespace
where tree.isleaf
and leaf.relkind = 'r'
order by leaf.oid
