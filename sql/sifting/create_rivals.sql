-- Purpose: where rows of the batch meet as they would in the target.
-- Parameters: none. Returns: nothing. Locks: the new table. Version: 14 or later.
create temporary table fordway_rival (like pg_temp.fordway_typed) on commit drop
