-- Purpose: canonical texts of the rows one of our transactions wrote, to name differences.
-- Parameters: {table} identifier, {columns} canonical expressions; xid bigint; most integer.
-- Returns: one text a column. Locks: none. Version: 14 or later.
select {columns}
from {table}
where xmin::text::bigint = %(xid)s
limit %(most)s
