-- A piece of the query that reads where sequences stand; pg_sequences can't tell a setval(.., false) from a
-- new sequence. Places: oid, schema, sequence. Rows: one: oid, last_value, is_called.
-- Locks: access share on the sequence. Minimum version: PostgreSQL 14.
select {oid}, last_value, is_called
from {schema}.{sequence}
