-- Purpose: whether a mended value is one of the column's type.
-- Parameters: {reader} identifier. Returns: a condition over given.value. Locks: none. Version: 14 or later.
given.value is not null
and {reader}(given.value) is null
