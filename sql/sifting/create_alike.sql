-- Purpose: rows that may have the same key as another one of the batch.
-- Parameters: none. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_alike (
    ordinal bigint not null
) on commit drop
