-- Purpose: the planner knows the batch; without it joins of thousands of rows are planned as for a few.
-- Parameters: none. Returns: nothing. Locks: none. Version: 14 or later.
analyze pg_temp.fordway_stage
