-- Purpose: one part of a key comparison.
-- Parameters: {column} identifier, {value} literal, {type} type name. Returns: a fragment. Locks: none. Version: 14 or later.
{column} = {value}::{type}
