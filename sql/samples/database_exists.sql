-- Purpose: whether a database is there.
-- Parameters: name text. Returns: one row when it is. Locks: none. Version: 14 or later.
select datname
from pg_database
where datname = %(name)s
