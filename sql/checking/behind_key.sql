-- Purpose: rows behind a key.
-- Parameters: {key} columns, {values} as many. Returns: a fragment. Locks: none. Version: 14 or later.
({key}) > ({values})
