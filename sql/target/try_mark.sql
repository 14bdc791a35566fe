-- Purpose: whether a column takes the mark of deleted rows.
-- Parameters: {table} identifier, {value} literal. Returns: nothing. Locks: the new row. Version: 14 or later.
insert into {table} (mark)
values ({value})
