-- Purpose: a number a sequence has not given yet, without drawing it.
-- Parameters: {body} literal. Returns: nothing. Locks: the new function. Version: 14 or later.
create function pg_temp.fordway_next(drawn regclass) returns bigint
language sql as {body}
