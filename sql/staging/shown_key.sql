-- Purpose: how an id that comes twice is shown: by the legacy key it is made from, else as it is.
-- Parameters: {key} text expression. Returns: a fragment. Locks: none. Version: 14 or later.
coalesce(nullif(min(held.fordway_shown), ''), {key})
