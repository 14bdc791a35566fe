-- Looks at every row once, in the order it lies in.
-- Places: columns; table; more, further expressions, each with a comma before it.
-- Parameters: none.
-- Rows: the columns, then more; the caller fetches page by page.
-- Locks: none beyond the snapshot's.
-- Minimum version: SQLite 3.9 (json_valid).
select {columns} {more}
from {table}
