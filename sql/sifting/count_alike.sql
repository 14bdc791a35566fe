-- Purpose: how many rows may be in each other's way.
-- Parameters: none. Returns: one bigint. Locks: none. Version: 14 or later.
select count(*) as rows
from pg_temp.fordway_alike
