-- Lists tables whose definition speaks of CHECK; whether it really has one is judged from the text.
-- Parameters: none.
-- Rows: name, sql; by name.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.33 (the name sqlite_schema).
select name, sql
from sqlite_schema
where type = 'table'
and sql like '%check%'
order by name
