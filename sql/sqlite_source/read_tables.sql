-- Lists tables, views, virtual and shadow tables with the statements that made them.
-- Parameters: none.
-- Rows: name, type (table, view, virtual, shadow), wr (1: WITHOUT ROWID), strict (1: STRICT), sql; by name.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.37 (table_list).
select l.name, l.type, l.wr, l.strict, coalesce(s.sql, '')
from pragma_table_list as l
left join sqlite_schema as s
  on s.name = l.name
  and s.type in ('table', 'view')
where l.schema = 'main'
  and l.name not like 'sqlite\_%' escape '\'
order by l.name
