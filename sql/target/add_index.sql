-- Purpose: an index, after the rows.
-- Parameters: {unique} keyword or nothing, {name}, {table} identifiers, {columns} with direction.
-- Returns: nothing. Locks: the table against writes. Version: 14 or later.
create {unique} index {name}
on {table} ({columns})
