-- What the doctor needs to know of a target server.
-- Parameters: none.
-- Rows: one: version number (int), version (text), database (text), role (text), superuser (bool),
--   may create in the database (bool), in recovery (bool), read-only by default (bool),
--   encoding (text), server clock (float8, seconds since 1970), database size (int8, bytes).
-- Locks: none.
-- Minimum version: PostgreSQL 9.6, so that an unsupported version can be named.
select
  current_setting('server_version_num')::int,
  current_setting('server_version'),
  current_database()::text,
  current_user::text,
  r.rolsuper,
  has_database_privilege(d.oid, 'create'),
  pg_is_in_recovery(),
  current_setting('default_transaction_read_only')::bool,
  pg_encoding_to_char(d.encoding)::text,
  extract(epoch from clock_timestamp())::float8,
  pg_database_size(d.oid)
from pg_database as d
join pg_roles as r
  on r.rolname = current_user
where d.datname = current_database()
