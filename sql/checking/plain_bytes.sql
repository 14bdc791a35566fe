-- Purpose: plain text of bytes: lower-case hex.
-- Parameters: {column} identifier. Returns: a fragment. Locks: none. Version: 14 or later.
encode({column}, 'hex')
