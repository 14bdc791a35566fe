-- Purpose: the newest row comes first, of several as new the first in source order.
-- Parameters: {moment} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
{moment} desc nulls last, ordinal
