-- Purpose: one source column, with its type, under a name an expression knows it by.
-- Parameters: {column}, {name} identifiers, {type} type name. Returns: a fragment. Locks: none. Version: 14 or later.
staged.{column}::{type} as {name}
