-- Purpose: work is offered to an agent, with all it needs to know.
-- Parameters: as named; context jsonb. Returns: nothing. Locks: the new row. Version: 14 or later.
insert into fordway.handoff (handoff_id, run_id, epoch, from_agent, to_agent, task, context, context_sha256)
values (
    %(handoff_id)s, %(run_id)s, %(epoch)s, %(from_agent)s, %(to_agent)s, %(task)s, %(context)s,
    encode(sha256(convert_to((%(context)s::jsonb)::text, 'UTF8')), 'hex')
)
on conflict (handoff_id) do nothing
