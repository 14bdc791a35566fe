-- Purpose: the next number a sequence hands out.
-- Parameters: sequence text, value bigint, is_called boolean. Returns: the value. Locks: none. Version: 14 or later.
select setval(%(sequence)s::regclass, %(value)s, %(is_called)s)
