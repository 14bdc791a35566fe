-- Purpose: whether a mended value is one of the column's type.
-- Parameters: {type} literal. Returns: a condition over given.value. Locks: none. Version: 16 or later.
given.value is not null
and pg_input_is_valid(given.value, {type})
