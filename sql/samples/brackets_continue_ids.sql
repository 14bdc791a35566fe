-- Lets both identities continue after the highest id.
-- Parameters: none.
-- Rows: one.
-- Locks: row exclusive on the sequences.
-- Minimum version: PostgreSQL 14.
select
  setval(pg_get_serial_sequence('dispatch_project', 'id'), (select max(id) from dispatch_project)),
  setval(pg_get_serial_sequence('dispatch_bracket', 'id'), (select max(id) from dispatch_bracket))
