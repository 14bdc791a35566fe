-- Purpose: how many rows of the batch there are, and how many of them nothing was found wrong with.
-- Parameters: {live} condition. Returns: one bigint. Locks: none. Version: 14 or later.
select count(*) as rows
from pg_temp.fordway_sift as staged
where {live}
