-- Purpose: whether a domain takes NULL; raises where it does not.
-- Parameters: {type} type name. Returns: one row. Locks: none. Version: 14 or later.
select null::{type} as value
