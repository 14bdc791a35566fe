-- Purpose: one column's value where the plan gives none.
-- Parameters: {default} expression, {name} identifier, {type} type name. Returns: a fragment. Locks: none.
--   Version: 14 or later.
({default})::{type} as {name}
