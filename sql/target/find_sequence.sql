-- Purpose: the sequence behind a column, and where it ends.
-- Parameters: relation text (quoted, qualified), column_name text.
-- Returns: sequence_name text (quoted, qualified), max_value bigint; no row without a sequence. Locks: none. Version: 14 or later.
select
    found.sequence_name,
    sequence.seqmax as max_value
from (select pg_get_serial_sequence(%(relation)s, %(column_name)s) as sequence_name) as found
join pg_catalog.pg_sequence as sequence
on sequence.seqrelid = found.sequence_name::regclass
