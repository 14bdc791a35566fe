-- Purpose: an exclusion constraint as the target has it, checked at once.
-- Parameters: {tail} the catalog's definition. Returns: nothing. Locks: the table. Version: 14 or later.
alter table pg_temp.fordway_rival add {tail}
