-- Purpose: a unique constraint, after the rows.
-- Parameters: {table}, {name}, {columns} identifiers. Returns: nothing. Locks: the table, exclusively. Version: 14 or later.
alter table {table}
add constraint {name} unique ({columns})
