-- Purpose: rows that raised an error when they were tried, and what it said.
-- Parameters: none. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_refusal (
    place bigint not null,
    code text not null,
    message text,
    constraint_name text,
    column_name text,
    context text,
    trigger_name text
) on commit drop
