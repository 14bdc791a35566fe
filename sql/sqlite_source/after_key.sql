-- A piece of a key comparison: rows behind a key. Places: key; after, one parameter mark (or cast mark) a column.
({key}) > ({after})
