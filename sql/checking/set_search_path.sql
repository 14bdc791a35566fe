-- Purpose: where the transaction looks unqualified names up.
-- Parameters: path text. Returns: the path. Locks: none. Version: 14 or later.
select set_config('search_path', %(path)s, true)
