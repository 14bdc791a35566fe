-- Purpose: the typed rows are made anew.
-- Parameters: none. Returns: nothing. Locks: the table. Version: 14 or later.
drop table if exists pg_temp.fordway_typed, pg_temp.fordway_rival, pg_temp.fordway_alike, pg_temp.fordway_trial
