-- Purpose: the rest of the transaction can only read.
-- Parameters: none. Returns: nothing. Locks: none. Version: 14 or later.
set transaction read only
