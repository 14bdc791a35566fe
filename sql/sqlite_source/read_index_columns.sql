-- Lists one index's key columns.
-- Parameters: 1 the index's name, text.
-- Rows: name (null: an expression), desc, coll; in index order.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.16 (pragma functions).
select name, "desc", coll
from pragma_index_xinfo(?)
where key = 1
order by seqno
