-- Rows of a span.
-- Places: key; after and upto, one parameter mark (or cast mark) a key column.
-- Parameters: the key values.
-- Rows: a fragment.
-- Locks: none.
-- Minimum version: SQLite 3.15 (row values).
({key}) > ({after}) and ({key}) <= ({upto})
