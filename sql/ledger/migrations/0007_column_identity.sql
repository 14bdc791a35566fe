-- Purpose: columns may be renamed or replaced, so the run keeps which column of a table each of its names means.
-- Parameters: none. Returns: nothing. Locks: fordway.object_identity, exclusively and briefly. Version: 14 or later.
alter table fordway.object_identity add column columns jsonb;
comment on column fordway.object_identity.columns is 'Name by number of each column as the run found or made it: whoever renames one takes away its name, and not its number.';
