-- Purpose: what merging needs to be provable and to be taken back.
-- Parameters: none. Returns: nothing. Locks: none on tables that exist. Version: 14 or later.
-- Run once, inside a transaction that holds the migration lock (engine.stores.ledger).
create table fordway.merged_row (
    merged_id bigint generated always as identity primary key,
    run_id text not null,
    pass text not null,
    table_number integer not null,
    chunk_number integer not null,
    target_table text not null,
    source_key jsonb not null,
    target_key text not null,
    became text not null check (became in ('kept_target', 'updated', 'superseded')),
    before jsonb,
    over_xid bigint,
    undone text check (undone in ('restored', 'kept')),
    foreign key (run_id, pass, table_number, chunk_number) references fordway.chunk on delete cascade,
    check (became = 'updated' or (before is null and over_xid is null)),
    check (undone is null or before is not null)
);
comment on table fordway.merged_row is 'Source rows whose key the target had already: what became of each, and the row they overwrote as it was.';
create index merged_row_run on fordway.merged_row (run_id, pass, table_number, chunk_number);
create index merged_row_key on fordway.merged_row (run_id, target_table, target_key) where before is not null;

create table fordway.rehearsed_id (
    run_id text not null references fordway.run on delete cascade,
    source_name text not null,
    source_table text not null,
    legacy_key text not null,
    target_table text not null,
    target_key text not null,
    primary key (run_id, source_name, source_table, legacy_key)
);
comment on table fordway.rehearsed_id is 'The id map of a rehearsal under way; empty afterwards.';
