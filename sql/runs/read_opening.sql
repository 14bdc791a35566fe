-- Purpose: what a runner needs to open a run again.
-- Parameters: run_id text. Returns: one row or none.
-- Locks: none. Version: 14 or later.
select
    playbook,
    playbook_body,
    sources,
    settings
from fordway.run
where run_id = %(run_id)s
