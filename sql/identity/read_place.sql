-- Purpose: which database this is, and which ledger: dumping and restoring makes another of both.
-- Parameters: none. Returns: one text. Locks: none. Version: 14 or later.
select concat_ws('/', oid::text, 'fordway.object_identity'::regclass::oid::text) as place
from pg_database
where datname = current_database()
