-- Purpose: remembers that a migration was applied.
-- Parameters: version integer, name text. Returns: nothing.
-- Locks: the new row. Version: 14 or later.
insert into fordway.schema_version (version, name)
values (%(version)s, %(name)s)
on conflict (version) do nothing
