-- Purpose: overwritten rows that can't be put back are left as they are.
-- Parameters: ids bigint[]. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.merged_row
set undone = 'kept'
where merged_id = any(%(ids)s::bigint[])
and undone is null
