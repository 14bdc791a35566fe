-- Purpose: fields with a sign between them; at most 90 at once, for a function takes a hundred arguments.
-- Parameters: {between} literal, {parts} text expressions. Returns: a fragment. Locks: none. Version: 14 or later.
concat_ws({between}, {parts})
