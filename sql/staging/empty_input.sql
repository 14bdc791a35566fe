-- Purpose: one source column without a value, under a name an expression knows it by.
-- Parameters: {type} type name, {name} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
null::{type} as {name}
