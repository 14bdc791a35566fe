-- Purpose: changes one setting of a run.
-- Parameters: run_id, name text; value jsonb. Returns: nothing. Locks: the run's row. Version: 14 or later.
update fordway.run
set settings = settings || jsonb_build_object(%(name)s::text, %(value)s::jsonb)
where run_id = %(run_id)s
