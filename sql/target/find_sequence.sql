-- Purpose: the sequence behind a column, and where it stands.
-- Parameters: relation text (quoted, qualified), column_name text.
-- Returns: sequence_name, last_value, is_called; no row without a sequence. Locks: none. Version: 14 or later.
select
    found.sequence_name,
    pg_sequence_last_value(found.sequence_name::regclass) as last_value
from (select pg_get_serial_sequence(%(relation)s, %(column_name)s) as sequence_name) as found
where found.sequence_name is not null
