-- Purpose: the agents with progress counted from handoffs and chunks.
-- Parameters: run_id text. Returns: one row an agent. Locks: none. Version: 14 or later.
select
    role,
    state,
    task,
    next_milestone,
    blockers,
    handoffs_completed,
    handoffs,
    extract(epoch from clock_timestamp() - heartbeat_at)::double precision as age_seconds
from fordway.agent_progress
where run_id = %(run_id)s
