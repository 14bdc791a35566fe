-- Purpose: the planner knows how many rows are set aside: right after a run it still goes by the few that were there before,
--   and would look through all of them for every row that others wait for.
-- Parameters: none. Returns: nothing. Locks: SHARE UPDATE EXCLUSIVE on fordway.quarantine, briefly, and not at all while
--   somebody vacuums it; a role that may not is warned and goes on. Version: 14 or later.
analyze (skip_locked) fordway.quarantine
