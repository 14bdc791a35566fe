-- Purpose: a partition of a table that was made a moment before.
-- Parameters: {table}, {parent} identifiers, {bounds} FOR VALUES .. or DEFAULT, {tail} PARTITION BY or nothing.
-- Returns: nothing. Locks: the parent, exclusively. Version: 14 or later.
create table {table}
partition of {parent} {bounds} {tail}
