-- Purpose: where the sequence stands, and as many steps further as numbers were asked for.
-- Parameters: none. Returns: a function's body. Locks: none. Version: 14 or later.
select
    coalesce(pg_sequence_last_value(sequence.seqrelid), sequence.seqstart - sequence.seqincrement)
    + sequence.seqincrement * nextval('pg_temp.fordway_drawn')
from pg_catalog.pg_sequence as sequence
where sequence.seqrelid = drawn
