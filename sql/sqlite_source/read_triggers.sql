-- Lists triggers with the statements that made them.
-- Parameters: none.
-- Rows: name, table, sql; by name.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.33 (the name sqlite_schema).
select name, tbl_name, coalesce(sql, '')
from sqlite_schema
where type = 'trigger'
order by name
