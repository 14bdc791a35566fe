-- Purpose: removes a foreign key the run made, so that tables in a cycle can go one by one.
-- Parameters: {table}, {name} identifiers. Returns: nothing. Locks: the table, exclusively. Version: 14 or later.
alter table if exists {table}
drop constraint if exists {name}
