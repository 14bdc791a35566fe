-- Purpose: one more column, tried alone.
-- Parameters: {table} identifier, {definition} the column. Returns: nothing. Locks: the table, exclusively. Version: 14 or later.
alter table {table}
add column {definition}
