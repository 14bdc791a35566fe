-- Purpose: an oid means something only in the database it was taken in, and a dump carries the ledger into others.
-- Parameters: none. Returns: nothing. Locks: fordway.object_identity, exclusively and briefly. Version: 14 or later.
alter table fordway.object_identity add column origin text;
comment on column fordway.object_identity.origin is 'Cluster, database and ledger the oid was taken in; elsewhere it means nothing. Null: not kept.';
