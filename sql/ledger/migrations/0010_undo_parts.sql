-- Purpose: parts of a run are taken back by themselves, rows may be marked instead of removed, and an undo is rehearsed.
-- Parameters: none. Returns: nothing. Locks: fordway.undo_progress, exclusively and briefly. Version: 14 or later.
-- Run once, inside a transaction that holds the migration lock (engine.stores.ledger).
create table fordway.part_undo (
    part_id bigint generated always as identity primary key,
    run_id text not null references fordway.run on delete cascade,
    phase integer check (phase > 0),
    asked_by text not null,
    began_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    tables text[] not null default '{}',
    removed bigint not null default 0 check (removed >= 0),
    kept bigint not null default 0 check (kept >= 0),
    is_given_up boolean not null default false,
    check (finished_at is not null or (removed = 0 and kept = 0 and not is_given_up))
);
comment on table fordway.part_undo is 'A part of the run that is, or was, taken back: a phase and those behind it, or (phase null) what was written since the last checkpoint. While one is not finished, the run goes on with it.';
create unique index part_undo_open on fordway.part_undo (run_id) where finished_at is null;

create table fordway.earlier_write (
    run_id text not null references fordway.run on delete cascade,
    table_number integer not null,
    xid xid8 not null,
    rows bigint not null check (rows > 0),
    primary key (run_id, table_number, xid)
);
comment on table fordway.earlier_write is 'Transactions of batches that were taken back, of which some rows had to stay because others need them: still the run''s.';

create table fordway.marked_write (
    run_id text not null references fordway.run on delete cascade,
    table_number integer not null,
    xid xid8 not null default pg_current_xact_id(),
    rows bigint not null check (rows > 0),
    primary key (run_id, table_number, xid)
);
comment on table fordway.marked_write is 'Transactions in which an undo marked rows as deleted, where the playbook says so.';

alter table fordway.undo_progress add column started_at timestamptz not null default clock_timestamp();
comment on column fordway.undo_progress.started_at is 'The moment rows marked as deleted get, all of a table the same.';

create table fordway.drill (
    drill_id bigint generated always as identity primary key,
    run_id text not null references fordway.run on delete cascade,
    plan_digest text not null,
    moved bigint not null check (moved >= 0),
    removed bigint not null check (removed >= 0),
    residual bigint not null check (residual >= 0),
    words jsonb not null default '[]',
    seconds double precision not null,
    finished_at timestamptz not null default clock_timestamp()
);
comment on table fordway.drill is 'Rehearsals of the undo: moved into a copy, taken back, compared with before. residual 0 is the proof.';
