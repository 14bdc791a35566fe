-- Purpose: rows the run overwrote as they were before: of several images of one row the first.
-- Parameters: {table}, {columns} identifiers, {items} expressions; run_id, target_table text. Returns: nothing. Locks: none. Version: 14 or later.
insert into {table} ({columns})
overriding system value
select {items}
from (
    select distinct on (target_key)
        target_key,
        before
    from fordway.merged_row
    where run_id = %(run_id)s
    and pass = 'move'
    and target_table = %(target_table)s
    and before is not null
    order by target_key, merged_id
) as images
