-- Purpose: whether foreign keys of other tables refer to this one.
-- Parameters: relation text (quoted, qualified). Returns: one row when one does. Locks: none. Version: 14 or later.
select con.oid
from pg_constraint as con
where con.contype = 'f'
and con.confrelid = %(relation)s::regclass
and con.conrelid <> con.confrelid
limit 1
