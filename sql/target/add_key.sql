-- Purpose: a primary key or unique constraint over a unique index that was built before, in a moment.
-- Parameters: {table}, {name} identifiers, {kind} keywords. Returns: nothing. Locks: the table, exclusively. Version: 14 or later.
alter table {table}
add constraint {name} {kind} using index {name}
