-- Lists one table's indexes.
-- Parameters: 1 the table's name, text.
-- Rows: name, unique, origin (c CREATE INDEX, u UNIQUE, pk PRIMARY KEY), partial, statement ('' for constraints); by name.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.16 (pragma functions).
select l.name, l."unique", l.origin, l.partial, coalesce(s.sql, '')
from pragma_index_list(?) as l
left join sqlite_schema as s
  on s.name = l.name
  and s.type = 'index'
order by l.name
