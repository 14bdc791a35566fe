-- Purpose: whether a table's key ranges were cut at all.
-- Parameters: run_id, pass text; table_number integer. Returns: there boolean. Locks: none. Version: 14 or later.
select exists (
    select 1
    from fordway.chunk
    where run_id = %(run_id)s
    and pass = %(pass)s
    and table_number = %(table_number)s
    and origin is null
) as there
