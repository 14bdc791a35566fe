-- Purpose: canonical text of a blank-padded text: itself without the blanks at its end, which mean
--   nothing (manual, 8.3 "Character Types").
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
rtrim({column}::text, ' ')
