-- Purpose: what a column's default gives, as a value of the column's type.
-- Parameters: {default} expression, {type} type name. Returns: one value. Locks: none. Version: 14 or later.
select cast({default} as {type})
