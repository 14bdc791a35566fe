-- Purpose: every value of a column is read; raises at the first that is none of its type.
-- Parameters: {column}, {reader} identifiers. Returns: one bigint. Locks: none. Version: 14 or later.
select count({reader}(staged.{column})) as read
from pg_temp.fordway_sift as staged
where staged.{column} is not null
