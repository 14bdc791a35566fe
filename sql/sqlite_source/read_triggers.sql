-- Lists triggers.
-- Parameters: none.
-- Rows: name, table; by name.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.33 (the name sqlite_schema).
select name, tbl_name
from sqlite_schema
where type = 'trigger'
order by name
