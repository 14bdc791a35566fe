-- Purpose: the beginning of a text that is too long.
-- Parameters: {most} literal. Returns: a fragment. Locks: none. Version: 14 or later.
left(fault.raw, {most})
