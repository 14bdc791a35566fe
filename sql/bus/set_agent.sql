-- Purpose: what an agent does now.
-- Parameters: as named; blockers jsonb; pid integer. Returns: nothing. Locks: its row. Version: 14 or later.
insert into fordway.agent_status (run_id, role, state, task, next_milestone, blockers, host, pid)
values (
    %(run_id)s, %(role)s, %(state)s, %(task)s, %(next_milestone)s, %(blockers)s, %(host)s, %(pid)s
)
on conflict (run_id, role) do update
set
    state = excluded.state,
    task = excluded.task,
    next_milestone = excluded.next_milestone,
    blockers = excluded.blockers,
    host = excluded.host,
    pid = excluded.pid,
    heartbeat_at = clock_timestamp()
