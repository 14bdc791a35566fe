-- Purpose: whether this role may ask which cluster it is in.
-- Parameters: none. Returns: one boolean. Locks: none. Version: 14 or later.
select has_function_privilege('pg_catalog.pg_control_system()', 'execute') as may_know
