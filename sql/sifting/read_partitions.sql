-- Purpose: what rows the partitions of a target table take, those of partitions beneath partitions too.
-- Parameters: relation text (quoted, qualified). Returns: bounds text, null where all are taken; none without partitions.
-- Locks: none. Version: 14 or later.
select pg_get_partition_constraintdef(tree.relid) as bounds
from pg_partition_tree(%(relation)s::regclass) as tree
where tree.isleaf
and tree.level > 0
order by tree.relid
