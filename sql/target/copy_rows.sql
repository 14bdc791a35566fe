-- Purpose: rows into a target table.
-- Parameters: {table}, {columns} identifiers; COPY rows in text form. Returns: nothing. Locks: ROW EXCLUSIVE. Version: 14 or later.
copy {table} ({columns})
from stdin
