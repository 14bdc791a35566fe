-- Purpose: names may be given to others, so the run keeps which object of the target each of its names means.
-- Parameters: none. Returns: nothing. Locks: none on tables that exist. Version: 14 or later.
create table fordway.object_identity (
    run_id text not null references fordway.run on delete cascade,
    kind text not null check (kind in ('relation', 'type', 'schema')),
    schema_name text not null,
    object_name text not null,
    object_oid oid not null,
    primary key (run_id, kind, schema_name, object_name)
);
comment on table fordway.object_identity is 'Tables a run fills and objects it made, by what they are: whoever renames one takes away its name, and not its oid.';
