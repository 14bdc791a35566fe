-- Lists one table's columns, generated ones too.
-- Parameters: 1 the table's name, text.
-- Rows: cid (from 0), name, type, notnull, dflt_value, pk (place in the key from 1, else 0),
--       hidden (0 ordinary, 2 generated virtual, 3 generated stored); in table order.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.26 (table_xinfo).
select cid, name, type, "notnull", dflt_value, pk, hidden
from pragma_table_xinfo(?)
where hidden <> 1
order by cid
