-- Reads where one sequence stands; pg_sequences can't tell a setval(.., false) from a new sequence.
-- Identifiers: schema, sequence.
-- Parameters: none.
-- Rows: one: last_value, is_called.
-- Locks: access share on the sequence.
-- Minimum version: PostgreSQL 14.
select last_value, is_called
from {schema}.{sequence}
