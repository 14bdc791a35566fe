-- Purpose: the primary key, after the rows.
-- Parameters: {table}, {columns} identifiers. Returns: nothing. Locks: the table, exclusively. Version: 14 or later.
alter table {table}
add primary key ({columns})
