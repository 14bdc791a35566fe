-- Purpose: one field of a line: its text, or what stands for NULL.
-- Parameters: {value} text expression, {null} literal. Returns: a fragment. Locks: none. Version: 14 or later.
coalesce({value}, {null})
