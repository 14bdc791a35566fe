-- Purpose: md5 of a row's canonical text.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
md5({column})
