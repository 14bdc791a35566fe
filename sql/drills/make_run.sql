-- Purpose: a run of its own for a rehearsal of the undo; whoever lists runs does not see it.
-- Parameters: drill_id, run_id text. Returns: run_id, when the rehearsed run exists. Locks: the new row. Version: 14 or later.
insert into fordway.run (run_id, title, playbook, playbook_body, state, step, target, sources, settings, created_by)
select
    %(drill_id)s,
    rehearsed.title,
    rehearsed.playbook,
    '{}',
    'running',
    'move',
    rehearsed.target,
    rehearsed.sources,
    jsonb_build_object('drill_of', rehearsed.run_id),
    rehearsed.created_by
from fordway.run as rehearsed
where rehearsed.run_id = %(run_id)s
returning run_id
