-- Purpose: late batches that were opened and are not to be written any more are forgotten, with the rows they were for.
-- Parameters: run_id text; decision_id text (null: of every decision). Returns: nothing. Locks: the rows. Version: 14 or later.
delete from fordway.chunk
where run_id = %(run_id)s
and pass = 'move'
and origin is not null
and state = 'pending'
and (%(decision_id)s::text is null or origin ->> 'decision' = %(decision_id)s::text)
