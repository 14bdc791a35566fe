-- Purpose: the ledger. Everything a run knows and did, in the database it writes to.
-- Parameters: none. Returns: nothing. Locks: none on tables that exist. Version: 14 or later.
-- Run once, inside a transaction that holds the migration lock (engine.stores.ledger).
create schema if not exists fordway;
comment on schema fordway is 'Fordway''s ledger: what every run planned, moved, asked, proved and undid. Safe to query at any time.';

create table fordway.schema_version (
    version integer primary key,
    name text not null,
    applied_at timestamptz not null default now()
);

create table fordway.run (
    run_id text primary key check (run_id ~ '^[0-9a-f]{12}$'),
    title text not null,
    playbook text not null,
    playbook_body jsonb not null,
    state text not null default 'new'
        check (state in ('new', 'running', 'waiting', 'paused', 'complete', 'stopped', 'undoing', 'undone')),
    step text not null default 'connect'
        check (step in ('connect', 'discover', 'plan', 'rehearse', 'move', 'verify', 'finish', 'undo')),
    reason text not null default '',
    is_failed boolean not null default false,
    target text not null,
    sources jsonb not null,
    settings jsonb not null default '{}',
    plan jsonb,
    plan_digest text not null default '',
    approved_digest text not null default '',
    approved_by text,
    approved_at timestamptz,
    rows_planned bigint check (rows_planned >= 0),
    created_by text not null,
    created_at timestamptz not null default now(),
    finished_at timestamptz,
    check ((plan is null) = (plan_digest = '')),
    check (approved_digest = '' or (approved_by is not null and approved_at is not null)),
    check (state not in ('complete', 'undone') or finished_at is not null),
    check (state <> 'complete' or (approved_digest <> '' and approved_digest = plan_digest)),
    check (step not in ('move', 'verify', 'finish') or approved_digest <> '' or state in ('waiting', 'running', 'paused', 'stopped'))
);
comment on table fordway.run is 'One row an execution of a plan. target and sources are scrubbed of passwords.';

create function fordway.guard_run_state() returns trigger
language plpgsql as $$
begin
    if new.state <> old.state and not (
        (old.state, new.state) in (
            ('new', 'running'), ('new', 'paused'), ('new', 'stopped'),
            ('running', 'waiting'), ('running', 'paused'), ('running', 'complete'), ('running', 'stopped'), ('running', 'undoing'),
            ('waiting', 'running'), ('waiting', 'paused'), ('waiting', 'stopped'), ('waiting', 'undoing'),
            ('paused', 'running'), ('paused', 'waiting'), ('paused', 'stopped'), ('paused', 'undoing'),
            ('complete', 'undoing'), ('stopped', 'undoing'),
            ('undoing', 'undone'), ('undoing', 'paused')
        )
    ) then
        raise exception 'a run that is % can''t become %', old.state, new.state using errcode = 'check_violation';
    end if;
    return new;
end
$$;
create trigger guard_run_state before update of state on fordway.run
    for each row execute function fordway.guard_run_state();

create table fordway.lease (
    run_id text primary key references fordway.run on delete cascade,
    epoch bigint not null check (epoch > 0),
    owner text not null,
    host text not null,
    pid integer not null,
    heartbeat_at timestamptz not null default now(),
    expires_at timestamptz not null,
    -- The unique pair makes a change of epoch a key change: it waits for every open chunk, which
    -- holds FOR KEY SHARE, while heartbeats do not (manual, 13.3.2 "Row-Level Locks").
    unique (run_id, epoch)
);
comment on table fordway.lease is 'Who may write a run, and since which epoch. Every chunk checks it in its own transaction.';

create table fordway.step (
    run_id text not null references fordway.run on delete cascade,
    step_key text not null,
    state text not null default 'running' check (state in ('running', 'done', 'failed')),
    attempt integer not null default 1 check (attempt > 0),
    input_hash text not null default '',
    output jsonb,
    error text not null default '',
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    seconds double precision not null default 0,
    primary key (run_id, step_key),
    check ((state = 'running') = (finished_at is null)),
    check (state <> 'failed' or error <> '')
);
comment on table fordway.step is 'Durable steps by meaning, such as move/1 or verify/2. A step that is done is never done again.';

create table fordway.chunk (
    run_id text not null references fordway.run on delete cascade,
    pass text not null check (pass in ('rehearse', 'move')),
    table_number integer not null check (table_number > 0),
    chunk_number integer not null check (chunk_number > 0),
    target_table text not null,
    after_key jsonb,
    upto_key jsonb not null,
    first_row bigint not null check (first_row > 0),
    last_row bigint not null,
    state text not null default 'pending' check (state in ('pending', 'committed')),
    rows_read bigint not null default 0 check (rows_read >= 0),
    rows_written bigint not null default 0 check (rows_written >= 0),
    rows_quarantined bigint not null default 0 check (rows_quarantined >= 0),
    rows_filtered bigint not null default 0 check (rows_filtered >= 0),
    rows_merged bigint not null default 0 check (rows_merged >= 0),
    epoch bigint,
    xid xid8,
    committed_at timestamptz,
    seconds double precision,
    primary key (run_id, pass, table_number, chunk_number),
    check (last_row >= first_row),
    constraint conservation check (rows_read = rows_written + rows_quarantined + rows_filtered + rows_merged),
    check ((state = 'committed') = (committed_at is not null and epoch is not null and xid is not null and seconds is not null)),
    check (state = 'committed' or rows_read = 0)
);
comment on table fordway.chunk is 'Key ranges ("batches"). A committed one is in the target, in the same transaction as this row. xid is that transaction.';
create index chunk_pending on fordway.chunk (run_id, pass, table_number, chunk_number) where state = 'pending';

create table fordway.quarantine (
    quarantine_id bigint generated always as identity primary key,
    run_id text not null,
    pass text not null,
    table_number integer not null,
    chunk_number integer not null,
    target_table text not null,
    source_key jsonb not null,
    row_data jsonb not null,
    column_name text not null,
    value text,
    reason text not null,
    error text not null,
    state text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
    created_at timestamptz not null default now(),
    foreign key (run_id, pass, table_number, chunk_number) references fordway.chunk on delete cascade
);
comment on table fordway.quarantine is 'Rows set aside, whole, with the reason. Nothing in here is lost.';
create index quarantine_run on fordway.quarantine (run_id, pass, state);

create table fordway.id_map (
    run_id text not null references fordway.run on delete cascade,
    source_name text not null,
    source_table text not null,
    legacy_key text not null,
    target_table text not null,
    target_key text not null,
    primary key (run_id, source_name, source_table, legacy_key)
);
comment on table fordway.id_map is 'Legacy key to new id, both ways.';
create index id_map_new on fordway.id_map (run_id, target_table, target_key);

create table fordway.decision (
    decision_id text primary key,
    run_id text not null references fordway.run on delete cascade,
    kind text not null,
    body jsonb not null,
    plan_digest text not null default '',
    state text not null default 'open' check (state in ('open', 'answered', 'paused_timeout', 'withdrawn')),
    answer text,
    answered_by text,
    asked_at timestamptz not null default now(),
    answered_at timestamptz,
    check ((state = 'answered') = (answer is not null and answered_by is not null and answered_at is not null))
);
comment on table fordway.decision is 'Questions to people. The first valid answer wins, by a conditional update.';
create unique index decision_one_open on fordway.decision (run_id) where state = 'open';

create table fordway.handoff (
    handoff_id uuid primary key,
    run_id text not null references fordway.run on delete cascade,
    epoch bigint not null,
    from_agent text not null,
    to_agent text not null,
    task text not null,
    context jsonb not null,
    context_sha256 text not null,
    state text not null default 'offered'
        check (state in ('offered', 'accepted', 'completed', 'rejected', 'failed', 'expired')),
    offered_at timestamptz not null default now(),
    accepted_at timestamptz,
    closed_at timestamptz,
    result jsonb,
    error jsonb,
    check ((state in ('offered', 'accepted')) = (closed_at is null)),
    check (state <> 'completed' or (accepted_at is not null and error is null)),
    check (state not in ('failed', 'rejected') or error is not null)
);
comment on table fordway.handoff is 'Work changing hands. Completed only by what its receiver committed; there is no default of success.';
create index handoff_run on fordway.handoff (run_id, offered_at);

create table fordway.agent_status (
    run_id text not null references fordway.run on delete cascade,
    role text not null,
    state text not null check (state in ('idle', 'busy', 'asking', 'blocked', 'stopped')),
    task text not null default '',
    next_milestone text not null default '',
    blockers jsonb not null default '[]',
    host text not null,
    pid integer not null,
    heartbeat_at timestamptz not null default now(),
    primary key (run_id, role)
);
comment on table fordway.agent_status is 'What each agent does now. Completion is not stored: fordway.agent_progress counts it.';

create table fordway.message (
    message_id uuid primary key,
    run_id text not null references fordway.run on delete cascade,
    from_agent text not null,
    to_agent text not null,
    message_type text not null,
    version integer not null,
    priority smallint not null check (priority between 1 and 4),
    body jsonb not null,
    delivery_options jsonb,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    status text not null default 'pending' check (status in ('pending', 'delivered', 'failed', 'expired')),
    published_at timestamptz,
    attempts integer not null default 0,
    delivered_at timestamptz,
    last_error text not null default '',
    check ((status = 'delivered') = (delivered_at is not null))
);
comment on table fordway.message is 'The outbox. Redis carries a copy; this row is the message.';
create index message_pending on fordway.message (run_id, priority desc, created_at) where status = 'pending';

create table fordway.inbox (
    message_id uuid not null references fordway.message on delete cascade,
    role text not null,
    accepted_at timestamptz not null default now(),
    primary key (message_id, role)
);
comment on table fordway.inbox is 'What each agent has taken in; a message delivered twice is handled once.';

create table fordway.gate (
    run_id text not null references fordway.run on delete cascade,
    gate text not null,
    state text not null default 'open' check (state in ('open', 'passed', 'failed')),
    reason text not null default '',
    changed_at timestamptz not null default now(),
    primary key (run_id, gate)
);
comment on table fordway.gate is 'Named checks that must hold to go on. Written by the engine from counts, never by hand.';

create table fordway.control (
    request_id bigint generated always as identity primary key,
    run_id text not null references fordway.run on delete cascade,
    request text not null check (request in ('pause', 'resume', 'stop', 'park', 'undo')),
    requested_by text not null,
    requested_at timestamptz not null default now(),
    handled_at timestamptz
);
comment on table fordway.control is 'What people asked of a running run.';
create index control_open on fordway.control (run_id, request_id) where handled_at is null;

create table fordway.undo_action (
    run_id text not null references fordway.run on delete cascade,
    number integer not null check (number > 0),
    kind text not null check (kind in ('create_schema', 'create_table', 'set_sequence')),
    object jsonb not null,
    state text not null default 'armed' check (state in ('armed', 'done', 'kept')),
    note text not null default '',
    done_at timestamptz,
    primary key (run_id, number),
    check ((state = 'armed') = (done_at is null))
);
comment on table fordway.undo_action is 'What the run made besides rows, written in the transaction that made it, with all its inverse needs.';

create table fordway.undo_progress (
    run_id text not null references fordway.run on delete cascade,
    table_number integer not null,
    next_block bigint not null default 0 check (next_block >= 0),
    rows_removed bigint not null default 0 check (rows_removed >= 0),
    rows_kept bigint not null default 0 check (rows_kept >= 0),
    is_done boolean not null default false,
    primary key (run_id, table_number)
);
comment on table fordway.undo_progress is 'The undo''s own checkpoint: blocks of each table already walked.';

create table fordway.audit_log (
    audit_id bigint generated always as identity primary key,
    run_id text not null,
    at timestamptz not null default now(),
    who text not null,
    did text not null,
    detail jsonb not null default '{}'
);
comment on table fordway.audit_log is 'Who did what. Rows can be added, never changed.';

create function fordway.refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_append_only before update or delete on fordway.audit_log
    for each row execute function fordway.refuse_change();

create table fordway.journal_head (
    run_id text primary key references fordway.run on delete cascade,
    last_number bigint not null check (last_number > 0)
);

create table fordway.event (
    run_id text not null references fordway.run on delete cascade,
    number bigint not null check (number > 0),
    at timestamptz not null default clock_timestamp(),
    kind text not null,
    body jsonb not null,
    primary key (run_id, number)
);
comment on table fordway.event is 'The journal: every event in commit order, without gaps. Live view, reports and replays are made from it.';
create trigger event_never_changes before update on fordway.event
    for each row execute function fordway.refuse_change();

-- The head row stays locked until commit, so numbers become visible in their own order
-- and a reader that asks for "after n" never misses one.
create function fordway.record_event(of_run text, of_kind text, of_body jsonb) returns bigint
language sql as $$
    with head as (
        insert into fordway.journal_head as kept (run_id, last_number)
        values (of_run, 1)
        on conflict (run_id) do update set last_number = kept.last_number + 1
        returning kept.last_number
    )
    insert into fordway.event (run_id, number, kind, body)
    select of_run, head.last_number, of_kind, of_body
    from head
    returning number
$$;

create view fordway.table_progress as
select
    run_id,
    pass,
    table_number,
    target_table,
    count(*) as chunks,
    count(*) filter (where state = 'committed') as chunks_committed,
    sum(last_row - first_row + 1)::bigint as rows_planned,
    sum(rows_read)::bigint as rows_read,
    sum(rows_written)::bigint as rows_written,
    sum(rows_quarantined)::bigint as rows_quarantined,
    sum(rows_filtered)::bigint as rows_filtered,
    sum(rows_merged)::bigint as rows_merged,
    coalesce(sum(seconds), 0) as seconds
from fordway.chunk
group by run_id, pass, table_number, target_table;
comment on view fordway.table_progress is 'Progress of each table, counted from its chunks.';

create view fordway.agent_progress as
select
    status.run_id,
    status.role,
    status.state,
    status.task,
    status.next_milestone,
    status.blockers,
    status.heartbeat_at,
    count(handoff.handoff_id) filter (where handoff.state = 'completed') as handoffs_completed,
    count(handoff.handoff_id) as handoffs
from fordway.agent_status as status
left join fordway.handoff as handoff
    on handoff.run_id = status.run_id
    and handoff.to_agent = status.role
group by status.run_id, status.role;
comment on view fordway.agent_progress is 'Agents with their completion counted from handoff rows.';
