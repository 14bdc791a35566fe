-- Purpose: an index, after the rows.
-- Parameters: {unique} keyword or nothing, {name}, {table} identifiers, {tail} columns in parentheses, or
--   method, expressions and predicate. Returns: nothing. Locks: the table against writes. Version: 14 or later.
create {unique} index {name}
on {table} {tail}
