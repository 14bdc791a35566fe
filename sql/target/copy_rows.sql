-- Purpose: rows into a target table.
-- Parameters: {table}, {columns} identifiers; {format} (format binary) or nothing; COPY rows. Returns: nothing. Locks: ROW EXCLUSIVE. Version: 14 or later.
copy {table} ({columns})
from stdin {format}
