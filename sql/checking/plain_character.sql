-- Purpose: plain text of a blank-padded text: itself without the blanks at its end.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
rtrim({column}::text, ' ')
