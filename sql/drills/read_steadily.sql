-- Purpose: all that is copied is copied as it was at one moment.
-- Parameters: none. Returns: nothing. Locks: none. Version: 14 or later. First statement of its transaction.
set transaction isolation level repeatable read
