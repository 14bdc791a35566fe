-- Purpose: what a rehearsal of the undo came to.
-- Parameters: run_id, plan_digest text; moved, removed, residual bigint; words jsonb; seconds double precision. Returns: drill_id.
-- Locks: the new row. Version: 14 or later.
insert into fordway.drill (run_id, plan_digest, moved, removed, residual, words, seconds)
values (%(run_id)s, %(plan_digest)s, %(moved)s, %(removed)s, %(residual)s, %(words)s, %(seconds)s)
returning drill_id
