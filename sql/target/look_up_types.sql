-- Purpose: where names without a schema are looked up until the session ends.
-- Parameters: path text. Returns: the path. Locks: none. Version: 14 or later.
select set_config('search_path', %(path)s, false) as path
