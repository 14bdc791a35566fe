-- Purpose: where a batch waits for the statements that turn it into target rows; gone with the transaction.
-- Parameters: {columns} column definitions. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_stage (
    ordinal bigint primary key,
    source_key jsonb not null,
    legacy text,
    became text,
    before jsonb,
    over_xid bigint,
    place text,
    shown text,
    reason text,
    {columns}
) on commit drop
