-- Purpose: a batch of its own for rows a decision brings in; it has no range of keys. Its number stands far behind
--   those that are cut, which may still be cut anew.
-- Parameters: run_id, target_table text; table_number integer; origin jsonb; rows bigint.
-- Returns: chunk_number. Locks: the new row. Version: 14 or later.
insert into fordway.chunk (
    run_id, pass, table_number, chunk_number, target_table, upto_key, first_row, last_row, origin
)
select
    %(run_id)s,
    'move',
    %(table_number)s,
    greatest(coalesce(max(chunk_number), 0), 1000000000) + 1,
    %(target_table)s,
    '[]',
    coalesce(max(last_row), 0) + 1,
    coalesce(max(last_row), 0) + greatest(%(rows)s, 1),
    %(origin)s
from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and table_number = %(table_number)s
returning chunk_number
