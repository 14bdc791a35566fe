-- Reads every statement that made the schema, for the fingerprint.
-- Parameters: none.
-- Rows: type, name, table, statement; by type and name.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.33 (the name sqlite_schema).
select type, name, tbl_name, coalesce(sql, '')
from sqlite_schema
order by type, name
