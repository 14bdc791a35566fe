-- Purpose: source rows that left no row of their own in the target, and how many overwrote one.
-- Parameters: run_id text; table_number integer; after_id bigint; most integer.
-- Returns: merged_id, chunk_number, source_key, became, in order. Locks: none. Version: 14 or later.
select
    merged_id,
    chunk_number,
    source_key,
    became
from fordway.merged_row
where run_id = %(run_id)s
and pass = 'move'
and table_number = %(table_number)s
and merged_id > %(after_id)s
order by merged_id
limit %(most)s
