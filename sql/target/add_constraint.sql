-- Purpose: a constraint by its whole definition, after the rows.
-- Parameters: {table}, {name} identifiers, {definition}, {validity} keywords or nothing.
-- Returns: nothing. Locks: the table, exclusively. Version: 14 or later.
alter table {table}
add constraint {name} {definition} {validity}
