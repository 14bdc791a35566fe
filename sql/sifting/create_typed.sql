-- Purpose: a batch's rows as the target table would hold them, but for what it demands of them. The state is 0 while
--   the row would be inserted, 1 with a fault, 2 where the policy lets it fall, 3 where it would overwrite a row.
-- Parameters: {ordinal}, {state} identifiers, {columns} column definitions. Returns: nothing. Locks: the new table.
--   Version: 14 or later.
create temporary table fordway_typed (
    {ordinal} bigint not null,
    {state} smallint not null,
    {columns}
) on commit drop
