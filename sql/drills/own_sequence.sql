-- Purpose: a copy's sequence belongs to its column, as the real one does to its own.
-- Parameters: {sequence}, {table}, {column} identifiers. Returns: nothing. Locks: the sequence. Version: 14 or later.
alter sequence {sequence}
owned by {table}.{column}
