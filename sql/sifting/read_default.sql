-- Purpose: the value a column's default gives, as text.
-- Parameters: {default} the catalog's expression, {type} type name. Returns: value text. Locks: none. Version: 14 or later.
select (({default})::{type})::text as value
