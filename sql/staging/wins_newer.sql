-- Purpose: the source's row stays where it is strictly newer; a row without a moment is older than any with one.
-- Parameters: {column}, {staged} identifiers. Returns: a fragment. Locks: none. Version: 14 or later.
coalesce(staged.{staged} > victim.{column}, staged.{staged} is not null and victim.{column} is null)
