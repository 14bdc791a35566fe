-- Purpose: the migrations already applied.
-- Parameters: none. Returns: version integer, in order.
-- Locks: none. Version: 14 or later.
select version
from fordway.schema_version
order by version
