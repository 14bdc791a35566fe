-- Purpose: a batch that is to be tried in smaller pieces ends earlier; the rest of it gets a batch of its own.
-- Parameters: run_id, pass text; table_number, chunk_number integer; upto_key jsonb; last_row bigint.
-- Returns: chunk_number of the rest; none when the batch was committed meanwhile. Locks: both rows. Version: 14 or later.
with shortened as (
    update fordway.chunk as chunk
    set
        upto_key = %(upto_key)s,
        last_row = %(last_row)s
    from (
        select
            upto_key,
            last_row,
            target_table
        from fordway.chunk
        where run_id = %(run_id)s
        and pass = %(pass)s
        and table_number = %(table_number)s
        and chunk_number = %(chunk_number)s
        for update
    ) as before
    where chunk.run_id = %(run_id)s
    and chunk.pass = %(pass)s
    and chunk.table_number = %(table_number)s
    and chunk.chunk_number = %(chunk_number)s
    and chunk.state = 'pending'
    and before.last_row > %(last_row)s
    returning
        before.upto_key,
        before.last_row,
        before.target_table
)
insert into fordway.chunk (
    run_id, pass, table_number, chunk_number, target_table, after_key, upto_key, first_row, last_row
)
select
    %(run_id)s,
    %(pass)s,
    %(table_number)s,
    (
        select max(chunk_number) + 1
        from fordway.chunk
        where run_id = %(run_id)s
        and pass = %(pass)s
        and table_number = %(table_number)s
        and origin is null
    ),
    shortened.target_table,
    %(upto_key)s,
    shortened.upto_key,
    %(last_row)s + 1,
    shortened.last_row
from shortened
returning chunk_number
