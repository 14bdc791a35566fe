-- Purpose: the sequence behind a column, and where it ends.
-- Parameters: relation text (quoted, qualified), column_name text.
-- Returns: sequence_name text (quoted, qualified), max_value bigint; no row without a sequence. Locks: none. Version: 14 or later.
-- The sequence is asked for once: flattened, it would be for every sequence of the database.
with found as materialized (
    select pg_get_serial_sequence(%(relation)s, %(column_name)s) as sequence_name
)
select
    found.sequence_name,
    sequence.seqmax as max_value
from found
join pg_catalog.pg_sequence as sequence
on sequence.seqrelid = found.sequence_name::regclass
