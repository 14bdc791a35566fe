-- Purpose: whether a table is still a partition of another, at whatever depth.
-- Parameters: relation, part text (quoted, qualified). Returns: one row when it is. Locks: none. Version: 14 or later.
select tree.level
from pg_partition_tree(%(relation)s::regclass) as tree
where tree.relid = %(part)s::regclass
