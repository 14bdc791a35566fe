-- Purpose: the planner knows the map as the move has filled it: what verification and undo join with it is planned by that.
-- Parameters: none. Returns: nothing. Locks: SHARE UPDATE EXCLUSIVE on fordway.id_map, briefly, and not at all while
--   somebody vacuums it, when plans stay as they are; a role that may not is warned and goes on. Version: 14 or later.
analyze (skip_locked) fordway.id_map
