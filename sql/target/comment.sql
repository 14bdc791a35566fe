-- Purpose: a comment on an object.
-- Parameters: {kind} keyword, {name} identifier, {text} literal. Returns: nothing. Locks: the object. Version: 14 or later.
comment on {kind} {name} is {text}
