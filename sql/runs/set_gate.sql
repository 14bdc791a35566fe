-- Purpose: a gate holds or does not; tells whether that is news.
-- Parameters: run_id, gate, state, reason text.
-- Returns: one row when state or reason changed. Locks: the gate's row. Version: 14 or later.
insert into fordway.gate as kept (run_id, gate, state, reason)
values (%(run_id)s, %(gate)s, %(state)s, %(reason)s)
on conflict (run_id, gate) do update
set
    state = excluded.state,
    reason = excluded.reason,
    changed_at = now()
where (kept.state, kept.reason) is distinct from (excluded.state, excluded.reason)
returning gate
