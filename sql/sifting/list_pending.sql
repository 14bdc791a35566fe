-- Purpose: the key ranges of a table that are still to move, those that follow on each other as one.
-- Parameters: run_id, pass text; table_number integer. Returns: after_key, upto_key jsonb, first_row, last_row bigint.
-- Locks: none. Version: 14 or later.
with pending as (
    select
        chunk_number,
        after_key,
        upto_key,
        first_row,
        last_row,
        after_key is not distinct from lag(upto_key) over (order by first_row, chunk_number) as follows
    from fordway.chunk
    where run_id = %(run_id)s
    and pass = %(pass)s
    and table_number = %(table_number)s
    and state = 'pending'
    and origin is null
),
numbered as (
    select
        after_key,
        upto_key,
        first_row,
        last_row,
        count(*) filter (where not follows) over (order by first_row, chunk_number) as island
    from pending
)
select
    (array_agg(after_key order by first_row))[1] as after_key,
    (array_agg(upto_key order by first_row desc))[1] as upto_key,
    min(first_row) as first_row,
    max(last_row) as last_row
from numbered
group by island
order by min(first_row)
