-- Purpose: the next trial begins with none.
-- Parameters: none. Returns: nothing. Locks: none. Version: 14 or later.
delete from pg_temp.fordway_refusal
