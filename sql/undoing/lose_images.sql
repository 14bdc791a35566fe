-- Purpose: overwritten rows that went with their table have nothing to be put back into.
-- Parameters: ids bigint[]. Returns: nothing. Locks: the rows. Version: 14 or later.
update fordway.merged_row
set undone = 'gone'
where merged_id = any(%(ids)s::bigint[])
and undone is null
