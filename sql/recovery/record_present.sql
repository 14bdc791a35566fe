-- Purpose: a row of a batch that was brought in before is known as merged with itself: it stays as it is there.
-- Parameters: run_id, target_table text; table_number, chunk_number integer; source_key jsonb. Returns: nothing.
-- Locks: the new row. Version: 14 or later.
insert into fordway.merged_row (
    run_id, pass, table_number, chunk_number, target_table, source_key, target_key, became
)
values (
    %(run_id)s, 'move', %(table_number)s, %(chunk_number)s, %(target_table)s, %(source_key)s, '', 'kept_target'
)
