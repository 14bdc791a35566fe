-- Purpose: a batch that failed, as text, while it is looked through; gone with the transaction.
-- Parameters: {columns} column definitions. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_sift (
    ordinal bigint not null,
    source_key text not null,
    legacy text,
    {columns}
) on commit drop
