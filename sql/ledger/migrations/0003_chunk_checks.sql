-- Purpose: what came of comparing each chunk, so that a verification goes on where it was interrupted.
-- Parameters: none. Returns: nothing. Locks: none but the new table's. Version: 14 or later.
create table fordway.chunk_check (
    run_id text not null references fordway.run on delete cascade,
    table_number integer not null,
    chunk_number integer not null,
    xid bigint not null,
    target_rows bigint not null check (target_rows >= 0),
    verdict jsonb not null,
    checked_at timestamptz not null default now(),
    primary key (run_id, table_number, chunk_number)
);
comment on table fordway.chunk_check is 'Chunks found equal on both sides. One counts as long as as many rows still carry its transaction: whoever changes a row takes it away.';
