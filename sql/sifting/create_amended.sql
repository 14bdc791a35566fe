-- Purpose: values that rules changed, and what they were in the source.
-- Parameters: none. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_amended (
    ordinal bigint not null,
    column_name text not null,
    old_value text,
    new_value text,
    remedy smallint not null,
    primary key (ordinal, column_name)
) on commit drop
