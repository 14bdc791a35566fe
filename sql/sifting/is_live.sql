-- Purpose: a staged row nothing was found wrong with so far.
-- Parameters: none. Returns: a fragment. Locks: none. Version: 14 or later.
not exists (
    select 1
    from pg_temp.fordway_fault as fault
    where fault.ordinal = staged.ordinal
)
