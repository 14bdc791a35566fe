-- Purpose: where the ids of several sources meet before anything is planned; gone with the transaction.
-- Parameters: {columns} column definitions. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_keys (
    {columns},
    fordway_shown text
) on commit drop
