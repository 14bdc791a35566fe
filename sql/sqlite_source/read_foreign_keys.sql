-- Lists one table's foreign keys, one row a column pair.
-- Parameters: 1 the table's name, text.
-- Rows: id, seq (place in the key from 0), parent table, child column, parent column (null: the
--       parent's primary key), on_update, on_delete; by id and seq.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.16 (pragma functions).
select id, seq, "table", "from", "to", on_update, on_delete
from pragma_foreign_key_list(?)
order by id, seq
