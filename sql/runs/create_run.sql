-- Purpose: a new run, nothing looked at yet.
-- Parameters: run_id, title, playbook, target, created_by text; playbook_body, sources, settings jsonb.
-- Returns: nothing. Locks: the new row. Version: 14 or later.
insert into fordway.run (run_id, title, playbook, playbook_body, target, sources, settings, created_by)
values (%(run_id)s, %(title)s, %(playbook)s, %(playbook_body)s, %(target)s, %(sources)s, %(settings)s, %(created_by)s)
on conflict (run_id) do nothing
