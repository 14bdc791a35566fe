-- Lists tables, views, virtual and shadow tables.
-- Parameters: none.
-- Rows: name, type (table, view, virtual, shadow), wr (1: WITHOUT ROWID), strict (1: STRICT); by name.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.37 (table_list).
select l.name, l.type, l.wr, l.strict
from pragma_table_list as l
where l.schema = 'main'
  and l.name not like 'sqlite\_%' escape '\'
order by l.name
