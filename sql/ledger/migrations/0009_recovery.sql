-- Purpose: what a fault was found to be, who decided what about it, and what that changed about rows and batches.
-- Parameters: none. Returns: nothing. Locks: fordway.decision, chunk and quarantine, exclusively and briefly. Version: 14 or later.
-- Run once, inside a transaction that holds the migration lock (engine.stores.ledger).
alter table fordway.decision
    add column deadline timestamptz,
    add column evidence jsonb not null default '{}',
    add column answered_from text,
    add column answer_value text,
    add column for_every boolean not null default false,
    add column handed_to text,
    add column handed_by text,
    add column handed_at timestamptz,
    add column outcome jsonb;
comment on column fordway.decision.deadline is 'Without an answer by then the run is paused, and this question is closed as paused_timeout.';
comment on column fordway.decision.evidence is 'What was known when the question was asked: the diagnosis and what the agents found when they looked again.';
comment on column fordway.decision.answered_from is 'Host and kind of the place it was answered from: console, watch, command line, a rule, or a policy.';
comment on column fordway.decision.outcome is 'What the chosen option really did, beside what it foretold; null until it is done, or armed with its batch.';

create table fordway.rule (
    rule_id bigint generated always as identity primary key,
    run_id text not null references fordway.run on delete cascade,
    table_number integer not null,
    target_table text not null,
    kind text not null,
    place text not null,
    action text not null,
    value text,
    words text not null,
    decision_id text not null references fordway.decision on delete cascade,
    made_by text not null,
    made_from text not null default '',
    made_at timestamptz not null default now(),
    uses bigint not null default 0 check (uses >= 0),
    revoked_by text,
    revoked_at timestamptz,
    check ((revoked_by is null) = (revoked_at is null))
);
comment on table fordway.rule is '"For every such error in this run": answers that stand until somebody revokes them.';
create unique index rule_standing on fordway.rule (run_id, table_number, kind, place) where revoked_at is null;

create table fordway.treatment (
    run_id text not null,
    pass text not null default 'move' check (pass = 'move'),
    table_number integer not null,
    chunk_number integer not null,
    kind text not null default '',
    place text not null default '',
    action text not null,
    value text,
    decision_id text not null references fordway.decision on delete cascade,
    state text not null default 'armed' check (state in ('armed', 'done', 'dropped')),
    armed_at timestamptz not null default now(),
    primary key (run_id, pass, table_number, chunk_number, kind, place, action),
    foreign key (run_id, pass, table_number, chunk_number) references fordway.chunk on delete cascade
);
comment on table fordway.treatment is 'What was decided about the offending rows of one batch, one answer after another; carried out in the transaction that writes it.';

create table fordway.plan_amendment (
    run_id text not null references fordway.run on delete cascade,
    table_number integer not null,
    on_conflict text not null check (on_conflict in ('keep_target', 'keep_source', 'newest')),
    newest_by text not null default '',
    decision_id text not null references fordway.decision on delete cascade,
    made_at timestamptz not null default now(),
    primary key (run_id, table_number)
);
comment on table fordway.plan_amendment is 'What becomes of taken keys from some batch on, where the approved plan had foreseen none.';

create table fordway.trial (
    run_id text not null references fordway.run on delete cascade,
    fault text not null,
    level smallint not null check (level between 1 and 3),
    attempts integer not null default 0 check (attempts >= 0),
    tried text[] not null default '{}',
    last_error text not null default '',
    since timestamptz not null default now(),
    primary key (run_id, fault)
);
comment on table fordway.trial is 'How far the escalation of a fault has come: a runner that starts anew does not begin it anew. tried: options that did not cure it.';

alter table fordway.chunk add column origin jsonb;
comment on column fordway.chunk.origin is 'Of rows brought in by a decision, outside the batches that were cut: the source and table they came from. Null: an ordinary batch.';

create table fordway.chunk_write (
    run_id text not null,
    pass text not null default 'move' check (pass = 'move'),
    table_number integer not null,
    chunk_number integer not null,
    xid xid8 not null,
    kind text not null check (kind in ('replayed', 'placeholder')),
    rows bigint not null check (rows >= 0),
    decision_id text,
    written_at timestamptz not null default clock_timestamp(),
    primary key (run_id, pass, table_number, chunk_number, xid),
    foreign key (run_id, pass, table_number, chunk_number) references fordway.chunk on delete cascade
);
comment on table fordway.chunk_write is 'Further transactions that wrote rows of a batch: what was replayed from the quarantine, and placeholders.';

create table fordway.late_row (
    run_id text not null,
    pass text not null default 'move' check (pass = 'move'),
    table_number integer not null,
    chunk_number integer not null,
    source_name text not null,
    source_table text not null,
    source_key jsonb not null,
    primary key (run_id, table_number, source_name, source_table, source_key),
    foreign key (run_id, pass, table_number, chunk_number) references fordway.chunk on delete cascade
);
comment on table fordway.late_row is 'Rows brought in by a decision before, or beside, the batch they would have come with.';

create table fordway.amended_value (
    run_id text not null,
    pass text not null default 'move' check (pass = 'move'),
    table_number integer not null,
    chunk_number integer not null,
    source_key jsonb not null,
    column_name text not null,
    old_value text,
    new_value text,
    action text not null,
    decision_id text,
    changed_by text not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (run_id, table_number, chunk_number, source_key, column_name),
    foreign key (run_id, pass, table_number, chunk_number) references fordway.chunk on delete cascade
);
comment on table fordway.amended_value is 'Every value that is in the target otherwise than in the source because somebody decided so, with both values.';

alter table fordway.quarantine
    add column kind text not null default '',
    add column place text not null default '',
    add column decision_id text,
    add column edits jsonb not null default '{}',
    add column note text not null default '',
    add column handled_by text,
    add column handled_at timestamptz;
create index quarantine_order on fordway.quarantine (run_id, pass, quarantine_id);
create index quarantine_sought on fordway.quarantine (run_id, target_table, md5(value), quarantine_id)
    where pass = 'move' and state = 'open' and value is not null;
comment on index fordway.quarantine_sought is 'Rows that wait for one another are found by the value they look for; a digest, for values may be of any length.';
comment on column fordway.quarantine.edits is 'New values by target column, as PostgreSQL reads them; applied when the row is replayed.';

create or replace view fordway.table_progress as
select
    run_id,
    pass,
    table_number,
    target_table,
    count(*) as chunks,
    count(*) filter (where state = 'committed') as chunks_committed,
    coalesce(sum(last_row - first_row + 1) filter (where origin is null or origin ->> 'kind' = 'brought'), 0)::bigint
        as rows_planned,
    sum(rows_read)::bigint as rows_read,
    sum(rows_written)::bigint as rows_written,
    sum(rows_quarantined)::bigint as rows_quarantined,
    sum(rows_filtered)::bigint as rows_filtered,
    sum(rows_merged)::bigint as rows_merged,
    coalesce(sum(seconds), 0) as seconds
from fordway.chunk
group by run_id, pass, table_number, target_table;
comment on view fordway.table_progress is 'Progress of each table, counted from its chunks; rows brought in by decisions are planned from then on.';
