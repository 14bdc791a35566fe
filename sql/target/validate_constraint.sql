-- Purpose: every row has its parent, checked while others go on writing.
-- Parameters: {table}, {name} identifiers. Returns: nothing. Locks: SHARE UPDATE EXCLUSIVE. Version: 14 or later.
alter table {table}
validate constraint {name}
