-- Purpose: a unique index as the target has it.
-- Parameters: {tail} the catalog's definition. Returns: nothing. Locks: the table. Version: 14 or later.
create unique index on pg_temp.fordway_rival {tail}
