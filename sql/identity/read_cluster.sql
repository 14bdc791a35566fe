-- Purpose: which cluster this is; a copy of its files is the same, a restored dump is another.
-- Parameters: none. Returns: one text. Locks: none. Version: 14 or later.
select system_identifier::text as cluster
from pg_control_system()
