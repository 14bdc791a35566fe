-- Lists the installed extensions.
-- Parameters: none.
-- Rows: name, schema; by name.
-- Locks: access share on the system catalogs.
-- Minimum version: PostgreSQL 14.
select e.extname, n.nspname
from pg_catalog.pg_extension as e
join pg_catalog.pg_namespace as n
  on n.oid = e.extnamespace
order by e.extname
