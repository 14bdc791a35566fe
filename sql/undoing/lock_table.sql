-- Purpose: nobody writes between the last look and the drop.
-- Parameters: {table} identifier. Returns: nothing. Locks: ACCESS EXCLUSIVE. Version: 14 or later.
lock table {table} in access exclusive mode
