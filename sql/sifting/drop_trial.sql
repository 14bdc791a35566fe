-- Purpose: other rows are tried next.
-- Parameters: none. Returns: nothing. Locks: the table. Version: 14 or later.
drop table if exists pg_temp.fordway_trial
