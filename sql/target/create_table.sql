-- Purpose: a target table as the plan describes it; keys and indexes come after the rows.
-- Parameters: {table} identifier, {columns} column definitions, {tail} PARTITION BY or nothing. Returns: nothing. Locks: the new table. Version: 14 or later.
create table {table} (
    {columns}
) {tail}
