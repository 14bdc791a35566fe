-- Purpose: one column's value from its staged text.
-- Parameters: {column}, {name} identifiers, {type} type name. Returns: a fragment. Locks: none. Version: 14 or later.
staged.{column}::{type} as {name}
