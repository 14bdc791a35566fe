-- Purpose: a column of the type that is to hold the mark of deleted rows, to be tried and rolled back.
-- Parameters: {table} identifier, {type} type name. Returns: nothing. Locks: the new table. Version: 14 or later.
create table {table} (mark {type})
