-- Purpose: freezes a key range in place of others; a number that is taken fails, as it must never hide a range.
-- Parameters: as named; keys jsonb. Returns: nothing. Locks: the new row. Version: 14 or later.
insert into fordway.chunk (
    run_id, pass, table_number, chunk_number, target_table, after_key, upto_key, first_row, last_row
)
values (
    %(run_id)s, %(pass)s, %(table_number)s, %(chunk_number)s, %(target_table)s,
    %(after_key)s, %(upto_key)s, %(first_row)s, %(last_row)s
)
