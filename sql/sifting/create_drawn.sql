-- Purpose: numbers of our own, so that none of a sequence of the target is drawn.
-- Parameters: none. Returns: nothing. Locks: the new sequence. Version: 14 or later.
create temporary sequence fordway_drawn
