-- Purpose: where a sequence stands exactly.
-- Parameters: {sequence} identifier. Returns: last_value bigint, is_called boolean. Locks: none. Version: 14 or later.
select
    last_value,
    is_called
from {sequence}
