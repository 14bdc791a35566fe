-- Purpose: fields with a sign between them; at most 99 of them, for functions take no more arguments.
-- Parameters: {between} literal, {parts} text expressions. Returns: a fragment. Locks: none. Version: 14 or later.
concat_ws({between}, {parts})
